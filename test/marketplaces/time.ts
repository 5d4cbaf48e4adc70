import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from './world.ts'

/** A run that waits, as it told of it, and when it was seen to (ms of the test's clock). */
export type Wait = {
  connector: string
  account: string
  stream: string
  reason: string
  due: Date
  seen: number
}

/** What is going on: runs that are to begin, that are worked on, that wait; turns that are due; when the next thing is. */
type Look = { planned: number; running: number; turns: number; mark: string; next: Date | null }

/** Turns of a chain wait for the open runs of the stream before it; looks whether today is there are no moments to wait for. */
const looked = `
  with open as (select * from sluice.runs where state in ('planned', 'waiting', 'running')),
  turns as (
    select s.*, exists (select from open r where (r.connector, r.account) = (s.connector, s.account) and r.stream = s.rule ->> 'after') as blocked
    from sluice.schedules s where s.connector <> 'binance')
  select count(*) filter (where state = 'planned' or due_at <= sluice.now())::int as planned,
    count(*) filter (where state = 'running')::int as running,
    (select count(*)::int from turns where (next_at <= sluice.now() and not blocked) or check_at <= sluice.now()) as turns,
    coalesce(md5(string_agg(concat_ws(' ', id, state, pages, records, reason), ',' order by id)), '') as mark,
    least(min(due_at) filter (where due_at > sluice.now()),
      (select min(next_at) from turns where next_at > sluice.now())) as next
  from open`

/** Who only sits through a short wait changes nothing for so long (ms of real time). */
const quiet = 300

/** The longest of those waits (ms of the test's clock): longer ones are told in the run. */
const short = 5_000

/**
 * Lets time pass until a moment, from one thing that is due to the next. The clock is moved when everybody has done what was
 * due: a question that is on its way arrives at the moment at which it was asked. Whoever sits through a short wait is given
 * as long as such a wait can be. Returns what has waited.
 */
export async function pass(world: World, end: number): Promise<Wait[]> {
  const waits = new Map<string, Wait>()
  for (;;) {
    const look = await rest(world)
    for (const wait of await waiting(world)) waits.set(JSON.stringify([wait.account, wait.stream, wait.due]), wait)
    const due = look.next?.getTime() ?? end
    const next = look.running > 0 ? Math.min(due, world.now() + short) : due
    if (next > end) break
    await world.at(next)
  }
  await world.at(end)
  return [...waits.values()]
}

/** Waits until nothing happens any more at this moment. */
async function rest({ store, calls, traffic, look: lookOut }: World): Promise<Look> {
  let [before, since] = ['', performance.now()]
  for (;;) {
    const [look] = (await store.query<Look>(looked)) as [Look]
    const seen = JSON.stringify([look.mark, calls(), traffic.open])
    if (seen !== before) [before, since] = [seen, performance.now()]
    const isBusy = look.planned + look.turns + traffic.open > 0
    if (!isBusy && (look.running === 0 || performance.now() - since > quiet)) return look
    if (performance.now() - since > 60_000)
      throw new Error(`nothing has happened for a minute: ${JSON.stringify(look)}`)
    if (look.turns + look.planned > 0) await lookOut()
    await sleep(10)
  }
}

function waiting({ store, now }: World): Promise<Wait[]> {
  return store.query<Wait>(
    `select connector, account, stream, reason, due_at as due, $1::float8 as seen from sluice.runs where state = 'waiting'`,
    [now()],
  )
}
