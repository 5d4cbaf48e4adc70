import { Misuse } from '../core/failure.ts'
import type { Unmapped } from '../core/origin.ts'
import { findRelation } from './relation.ts'
import type { Sql } from './store.ts'

/** A value that a normalizer has no word for, and in how many rows it stands. */
export type Word = { field: string; value: string; times: number }

/**
 * The values that a normalizer has no word for, the most frequent first, `most` of them, and how many different ones there are.
 * @throws Misuse when the table or one of its columns is not there
 */
export async function readUnmapped(
  sql: Sql,
  unmapped: Unmapped,
  most: number,
): Promise<{ words: Word[]; all: number }> {
  const { name, columns } = await findRelation(sql, unmapped.table)
  const [field, value, times] = [unmapped.field, unmapped.value, unmapped.times].map(wanted => {
    const column = columns.find(each => each.name === wanted)
    if (column) return column.quoted
    throw new Misuse(
      'schema-mismatch',
      `${unmapped.table} has no column "${wanted}", by which unmapped values are told`,
    )
  })
  const found = await sql.query<Word & { all: number }>(
    `select ${field}::text as field, ${value}::text as value, ${times}::float8 as times, (count(*) over ())::int as all
     from ${name} order by ${times} desc, 1, 2 limit $1`,
    [most],
  )
  return { words: found.map(({ all, ...word }) => word), all: found[0]?.all ?? 0 }
}
