/**
 * How rows are taken back that a row made before and makes no more, because of itself, what is read beside it, or a setting. It is
 * done in the transaction in which the row is made anew, also into none; no row is deleted. Without it they stay as they
 * were: right where a row always becomes the same one, by the same key, or where the table is to remember.
 */
export type Former<Vendor, Options, Row> = {
  /**
   * Columns of the table by which the rows of one are found, whatever it made of itself: nothing else makes rows with the same
   * values there. The account goes without saying.
   */
  by: readonly (keyof Row & string)[]
  /** Their values; undefined for a row that never made any. */
  whose(record: Vendor, at: { account: string; options: Options }): Partial<Row> | undefined
  /**
   * What changes of a row (its columns as PostgreSQL writes them) that is made no more, the key apart: a mark, an amount of 0, and
   * what makes it newer. Undefined where it has ended before.
   */
  ended(
    row: Readonly<Record<string, string | null>>,
    record: Vendor,
    at: { account: string; options: Options },
  ): Partial<Row> | undefined
}

/** The table that rows are derived from, and its flag (Flags) that says of each whether it was dealt with. */
export type Origin = { table: string; flag: string; beside?: Neighbour | undefined }

/**
 * Columns of another table that are read with each row, as if they were its own: those of the row that has the same values in
 * the columns `by`, its key. Where there is no such row they are missing. With a `flag` of that table (Flags), rows are derived anew
 * when the one beside them has changed; without it only when they change themselves.
 */
export type Neighbour = { table: string; by: readonly string[]; columns: readonly string[]; flag?: string }

/**
 * Where it is told which values a normalizer has no word for: a table or view, and its columns with the field, the value, and in
 * how many rows it stands (a number).
 */
export type Unmapped = { table: string; field: string; value: string; times: string }
