import type { Said, Slice } from '../core/run.ts'
import { isOpen } from './quarantine.ts'
import type { Sql } from './store.ts'

/** Where a part stands, in numbers read from the ledgers. Times are null where nothing happened yet. */
export type PartState = Slice & {
  /** Rows the coverage proves. */
  rows: number
  from: Date | null
  /** The end of what is proven. */
  to: Date | null
  holes: number
  /** Pages that never came. */
  skipped: number
  quarantined: number
  paused: string | null
  run: {
    id: string
    state: string
    reason: string | null
    due: Date | null
    error: string | null
    warning: string | null
    notice: string | null
    flags: Said | null
    at: Date
  } | null
}

/**
 * Every part of which something is known: begun, covered, paused, told of by an alert, or with an open run; with what is
 * proven of it and its newest run (an open one before all). However long the history of runs is, each part costs the same.
 */
export async function readParts(sql: Sql): Promise<PartState[]> {
  const rows = await sql.query<PartState & { rows: string }>(`
    with known as (
      select connector, account, stream, part from sluice.checkpoints
      union select connector, account, stream, part from sluice.coverage
      union select connector, account, stream, part from sluice.pauses where part <> '{}'
      union select connector, account, stream, part from sluice.alerts where resolved_at is null and part is not null
      union select connector, account, stream, part from sluice.runs where ${open}
    )
    select k.connector, k.account, k.stream, k.part, coalesce(c.rows, 0) as rows, c.from_at as "from", c.to_at as "to",
      coalesce(h.n, 0)::int as holes, coalesce(s.n, 0)::int as skipped, coalesce(q.n, 0)::int as quarantined, p.reason as paused, r.run
    from known k
    left join lateral (
      select json_build_object('id', r.id::text, 'state', r.state, 'reason', r.reason, 'due', r.due_at, 'error', r.error,
        'warning', r.warning, 'notice', r.notice, 'flags', r.flags, 'at', r.updated_at) as run
      from (
        (select *, 1 as rank from sluice.runs r where ${same('r')} and ${open} order by id desc limit 1)
        union all (select *, 2 from sluice.runs r where ${same('r')} order by id desc limit 1)
      ) r order by rank limit 1) r on true
    left join lateral (select sum(rows) as rows, min(from_at) as from_at, max(to_at) as to_at from sluice.coverage c
      where ${same('c')}) c on true
    left join lateral (select count(*) as n from sluice.holes h where ${same('h')}) h on true
    left join lateral (select count(*) as n from sluice.skipped s where ${same('s')}) s on true
    left join lateral (select count(*) as n from sluice.quarantine q where ${same('q')} and ${isOpen}) q on true
    left join lateral (select min(reason) as reason from sluice.pauses p
      where (p.connector, p.account, p.stream) = (k.connector, k.account, k.stream) and p.part in ('{}', k.part)) p on true
    order by k.connector, k.account, k.stream, k.part`)
  return rows.map(row => ({ ...row, rows: Number(row.rows), run: row.run && { ...row.run, ...momentsOf(row.run) } }))
}

const open = `state in ('planned', 'waiting', 'running')`

function same(table: string): string {
  return `(${table}.connector, ${table}.account, ${table}.stream, ${table}.part) = (k.connector, k.account, k.stream, k.part)`
}

/** JSON brings instants as text. */
function momentsOf({ due, at }: { due: Date | null; at: Date }): { due: Date | null; at: Date } {
  return { due: due && new Date(due), at: new Date(at) }
}
