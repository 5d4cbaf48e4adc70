import type { Sql } from './store.ts'

/**
 * Deletes runs that ended more than so many days ago, at most `most`; returns how many. The newest run of a part stays: it
 * tells how the part stands.
 */
export async function pruneRuns(sql: Sql, days: number, most: number): Promise<number> {
  const gone = await sql.query(
    `delete from sluice.runs where id in (
       select r.id from sluice.runs r
       where r.finished_at < sluice.now() - $1 * interval '1 day' and exists (
         select from sluice.runs n where (n.connector, n.account, n.stream, n.part) = (r.connector, r.account, r.stream, r.part)
           and n.id > r.id)
       order by r.finished_at limit $2)
     returning 1`,
    [days, most],
  )
  return gone.length
}
