import type { Sql } from './store.ts'

/** A stream of an account that shall be looked at every so many ms. */
export type Schedule = { connector: string; account: string; stream: string; every: number }

/** Writes the schedules down; a new one is due at once, a changed interval counts from its last turn. */
export async function setSchedules(sql: Sql, schedules: readonly Schedule[]): Promise<void> {
  for (const { connector, account, stream, every } of schedules) {
    await sql.query(
      `insert into sluice.schedules as s (connector, account, stream, every_ms, next_at) values ($1, $2, $3, $4, sluice.now())
       on conflict (connector, account, stream) do update
       set every_ms = excluded.every_ms, next_at = least(s.next_at, sluice.now() + $4 * interval '1 ms')
       where s.every_ms <> excluded.every_ms`,
      [connector, account, stream, every],
    )
  }
}

/** Takes the schedules that are due and sets their next turn, on the beat of their interval: for one process each. */
export async function takeDue(sql: Sql): Promise<Schedule[]> {
  const due = await sql.query<Schedule & { every: string }>(
    `update sluice.schedules
     set next_at = date_bin(every_ms * interval '1 ms', sluice.now(), 'epoch') + every_ms * interval '1 ms'
     where next_at <= sluice.now()
     returning connector, account, stream, every_ms as every`,
  )
  return due.map(each => ({ ...each, every: Number(each.every) }))
}

/** When the next schedule is due; undefined when there is none. */
export async function nextDue(sql: Sql): Promise<Date | undefined> {
  const [row] = await sql.query<{ next: Date | null }>('select min(next_at) as next from sluice.schedules')
  return row?.next ?? undefined
}
