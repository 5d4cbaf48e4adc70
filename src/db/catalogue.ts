import type { Sql } from './store.ts'

/** A table as the catalogue has it: what people are told of it and of each column, and its primary key. */
export type Catalogued = {
  comment: string | null
  key: readonly string[]
  columns: readonly { name: string; type: string; nullable: boolean; comment: string | null }[]
}

/** Looks a table up; undefined when it is not there. */
export async function lookUp(sql: Sql, table: string): Promise<Catalogued | undefined> {
  const columns = await sql.query<Catalogued['columns'][number]>(
    `select attname as name, format_type(atttypid, atttypmod) as type, not attnotnull as nullable,
       col_description(attrelid, attnum) as comment
     from pg_attribute where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`,
    [table],
  )
  if (columns.length === 0) return undefined
  const [rest] = await sql.query<{ comment: string | null; key: string[] }>(
    `select obj_description(to_regclass($1), 'pg_class') as comment, array(
       select a.attname::text from pg_index i, unnest(i.indkey) with ordinality as k (place, nth)
       join pg_attribute a on a.attnum = k.place
       where i.indrelid = to_regclass($1) and i.indisprimary and a.attrelid = i.indrelid order by k.nth) as key`,
    [table],
  )
  return { ...rest!, columns }
}
