/**
 * In what form an answer brings its records.
 *
 * - json: `records` is the path of their list: `$` where the answer itself is the list, else `$.rows`, `$.data.items`.
 *   Without a path the answer is read whole.
 * - csv: the first line names the columns, and a record is an object of texts by these names. `delimiter` is `,` and
 *   `quote` is `"` unless given; an empty `quote` says that there is none.
 * - zip: one file of the archive, in a form of its own: the only one, or the one whose name ends with `entry`.
 */
export type Format =
  | { kind: 'json'; records?: string }
  | { kind: 'csv'; delimiter?: string; quote?: string; encoding?: 'utf8' | 'windows-1251' }
  | { kind: 'zip'; entry?: string; holds: Format }
