/**
 * How the body of an answer is read.
 *
 * - json: whole, or with `records` (`$`, `$.rows`, `$.data.items`) record by record, however large it is
 * - csv: a record is an object of texts under the names of the first line; `delimiter` is a comma by default
 * - zip: one file of the archive, the only one or the one whose name ends with `entry`
 */
export type Format =
  | { kind: 'json'; records?: string }
  | { kind: 'csv'; delimiter?: string; quote?: string; encoding?: 'utf8' | 'windows-1251' }
  | { kind: 'zip'; entry?: string; holds: Format }
