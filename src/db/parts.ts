import type { Slice } from '../core/run.ts'
import type { Sql } from './store.ts'

/** Where a part stands, in numbers read from the ledgers. Times are null where nothing happened yet. */
export type PartState = Slice & {
  /** Rows the coverage proves. */
  rows: number
  from: Date | null
  /** The end of what is proven. */
  to: Date | null
  holes: number
  quarantined: number
  paused: string | null
  run: {
    id: string
    state: string
    reason: string | null
    due: Date | null
    error: string | null
    warning: string | null
    at: Date
  } | null
}

/** Every part that ever had a run, with what is proven of it and its newest run (an open one before all). */
export async function readParts(sql: Sql): Promise<PartState[]> {
  const rows = await sql.query<PartState & { rows: string }>(`
    with newest as (
      select distinct on (connector, account, stream, part) *
      from sluice.runs
      order by connector, account, stream, part, (state in ('planned', 'waiting', 'running')) desc, id desc
    )
    select r.connector, r.account, r.stream, r.part, coalesce(c.rows, 0) as rows, c.from_at as "from", c.to_at as "to",
      coalesce(h.n, 0)::int as holes, coalesce(q.n, 0)::int as quarantined, p.reason as paused,
      json_build_object('id', r.id::text, 'state', r.state, 'reason', r.reason, 'due', r.due_at, 'error', r.error,
        'warning', r.warning, 'at', r.updated_at) as run
    from newest r
    left join lateral (select sum(rows) as rows, min(from_at) as from_at, max(to_at) as to_at from sluice.coverage c
      where (c.connector, c.account, c.stream, c.part) = (r.connector, r.account, r.stream, r.part)) c on true
    left join lateral (select count(*) as n from sluice.holes h
      where (h.connector, h.account, h.stream, h.part) = (r.connector, r.account, r.stream, r.part)) h on true
    left join lateral (select count(*) as n from sluice.quarantine q
      where (q.connector, q.account, q.stream, q.part) = (r.connector, r.account, r.stream, r.part)) q on true
    left join lateral (select min(reason) as reason from sluice.pauses p
      where (p.connector, p.account, p.stream) = (r.connector, r.account, r.stream) and p.part in ('{}', r.part)) p on true
    order by r.connector, r.account, r.stream, r.part`)
  return rows.map(row => ({ ...row, rows: Number(row.rows), run: row.run && { ...row.run, ...momentsOf(row.run) } }))
}

/** JSON brings instants as text. */
function momentsOf({ due, at }: { due: Date | null; at: Date }): { due: Date | null; at: Date } {
  return { due: due && new Date(due), at: new Date(at) }
}
