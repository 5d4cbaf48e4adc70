import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import type { Sql } from './store.ts'

/** How often a stopped clock is looked at, and how long a running one is trusted before it is looked at again (ms). */
const watch = 100
const trust = 30_000

/** A clock that was seen to run so short a time ago (ms) still does. */
const fresh = 1_000

/** The clock of this database. Timers ask it again before they end, so that a test's clock moves every process. */
export function storeClock(sql: Sql): Clock {
  let ran = Number.NEGATIVE_INFINITY
  const look = async () => {
    const seen = await read(sql)
    if (!seen.stopped) ran = performance.now()
    return seen
  }
  const until = async (moment: Date, signal?: AbortSignal) => {
    for (;;) {
      signal?.throwIfAborted()
      const { now, stopped } = await look()
      const left = moment.getTime() - now.getTime()
      if (left <= 0) return
      await rest(stopped ? watch : Math.min(left, trust), signal)
    }
  }
  /** A running clock is trusted for a short while, so that many short waits ask the database once a second. */
  const pass = async (length: number, signal?: AbortSignal) => {
    const began = performance.now()
    signal?.throwIfAborted()
    if (length > trust || began - ran > fresh) {
      const { now, stopped } = await look()
      if (stopped || length > trust) return until(new Date(now.getTime() + length), signal)
    }
    await rest(Math.max(0, length - (performance.now() - began)), signal)
    signal?.throwIfAborted()
  }
  return { now: async () => (await look()).now, until, pass }
}

function rest(length: number, signal: AbortSignal | undefined): Promise<void> {
  return sleep(length, undefined, signal ? { signal } : {}).catch(() => undefined)
}

/** Stops the clock of every process of this database at `moment`, or lets it run again. For tests and demonstrations. */
export async function setClock(sql: Sql, moment: Date | null): Promise<void> {
  if (!moment) return void (await sql.query('delete from sluice.clock'))
  await sql.query(
    'insert into sluice.clock (moment) values ($1) on conflict (single) do update set moment = excluded.moment',
    [moment],
  )
}

async function read(sql: Sql): Promise<{ now: Date; stopped: boolean }> {
  const [row] = await sql.query<{ now: Date; stopped: boolean }>(
    'select sluice.now() as now, exists (select from sluice.clock) as stopped',
  )
  return row!
}
