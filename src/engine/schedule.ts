import { createHash } from 'node:crypto'
import { Failure } from '../core/failure.ts'
import { type Part, partKey } from '../core/part.ts'
import { type Schedule, schedulesOf, scheduleText, zoneOf } from '../core/schedule.ts'
import { type Source, sourceOf } from '../core/source.ts'
import { wasRemoved } from '../db/accounts.ts'
import { type Pause, readPauses } from '../db/pauses.ts'
import {
  confirmSchedules,
  type Due,
  dueSchedules,
  type Entry,
  type Owner,
  recentParts,
  setSchedules,
  setTimes,
  type Times,
  takeSchedule,
} from '../db/schedules.ts'
import type { Sql, Transaction } from '../db/store.ts'
import type { Engine } from './engine.ts'
import { examineSchedules } from './examine.ts'
import { planIn } from './plan.ts'
import { tableNeeded } from './stages.ts'
import { dayIn, isLeftOut, nextCheck, nextTurn } from './turns.ts'

/**
 * Writes down when each source is due. A new interval is due at once, and so is the look whether today has been collected.
 * @throws Misuse or Error when a schedule cannot be used (engine/examine.ts).
 */
export async function scheduleSources(engine: Engine): Promise<void> {
  examineSchedules(engine.sources)
  for (const source of engine.sources) await writeDown(engine, source)
}

/** Says that the configuration of this process is in use; those that nobody uses any more are dropped in time. */
export async function confirmSources({ store, sources }: Engine): Promise<void> {
  await confirmSchedules(store, sources.map(ownerOf))
}

/**
 * Plans what is due now, paused parts and accounts that are held aside. A duty of whoever has the role of the scheduler. A turn is taken in the
 * transaction that plans its runs: it is had by one process, and a plan that fails leaves it due. What fails for one source
 * is thrown when all others have had their turn.
 */
export async function planDue(engine: Engine): Promise<void> {
  const failures: unknown[] = []
  const sources = engine.sources.filter(({ held }) => held === undefined)
  for (const key of await dueSchedules(engine.store, sources.map(ownerOf))) {
    await take(engine, key).catch(error => failures.push(error))
  }
  if (failures.length > 0) throw failures.find(error => !(error instanceof Failure)) ?? failures[0]
}

/** An account that was removed a moment ago, which the sources here still hold, has no turns. */
async function take(engine: Engine, { turn, ...owner }: Owner & { turn: string | null }): Promise<void> {
  if (await wasRemoved(engine.store, { connector: owner.connector, slug: owner.account })) return
  const source = sourceOf(engine.sources, owner)
  if (turn === null) return writeDownAgain(engine, source)
  const key = { ...owner, turn }
  await engine.store.transaction(async tx => {
    const due = await takeSchedule(tx, key)
    if (!due) return
    const { parts, owed } = await partsDue(tx, source, due)
    const { followed } = await planIn(engine, tx, { source, parts, cause: 'schedule' }, due.now)
    await setTimes(tx, key, { ...timesAfter(due), owed: isQueued(source, due.rule) ? [...owed, ...followed] : [] })
  })
}

/**
 * Whether a part whose run is open gets another one behind it. One that goes through rows of ours has passed some of those that
 * the stream before it has just written.
 */
function isQueued(source: Source, rule: Schedule): boolean {
  const { overlap = 'after' in rule && tableNeeded(source) !== undefined ? 'queue' : 'skip' } = rule
  return overlap === 'queue'
}

/** The parts that get a run now, and those for which one is still owed because theirs is open. */
async function partsDue(tx: Transaction, source: Source, due: Due): Promise<{ parts: Part[]; owed: Part[] }> {
  const all = await unpaused(tx, source)
  if (due.turnAt && !isLeftOut(due.rule, due.turnAt, due.now)) return { parts: all, owed: [] }
  const { busy, done } = await present(tx, source, due)
  const owed = new Set(due.owed.map(partKey))
  const looks = due.check !== null && due.check <= due.now
  const isDue = (key: string) => !busy.has(key) && (owed.has(key) || (looks && !done.has(key)))
  return {
    parts: all.filter(part => isDue(partKey(part))),
    owed: due.owed.filter(part => busy.has(partKey(part))),
  }
}

/** The parts that follow the present: those with an open run, and those that were collected today. */
async function present(tx: Sql, source: Source, { rule, now }: Due): Promise<{ busy: Set<string>; done: Set<string> }> {
  const zone = zoneOf(rule)
  const today = dayIn(zone, now)
  const recent = await recentParts(tx, ownerOf(source))
  const keysOf = (those: typeof recent) => new Set(those.map(({ part }) => partKey(part)))
  return {
    busy: keysOf(recent.filter(({ ended }) => ended === null)),
    done: keysOf(recent.filter(({ ended }) => ended !== null && dayIn(zone, ended) === today)),
  }
}

/** A turn that was taken is followed by the next one. Any other time is never later than it can be by the clock as it is. */
function timesAfter({ rule, now, turnAt, next, check }: Due): Pick<Times, 'next' | 'check'> {
  const coming = nextTurn(rule, now)
  const look = nextCheck(rule, now)
  return {
    next: turnAt || next === null ? (coming ?? null) : earlier(next, coming ?? now),
    check: look && check && check > now ? earlier(check, look) : (look ?? null),
  }
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other
}

async function unpaused(tx: Sql, source: Source): Promise<Part[]> {
  const pauses = await readPauses(tx)
  const { stream, options } = source
  return stream.parts(options).filter(part => !pauses.some(pause => holds(pause, source, partKey(part))))
}

function holds(pause: Pause, { connector, account, stream }: Source, part: string): boolean {
  const same = pause.connector === connector.name && pause.account === account && pause.stream === stream.name
  return same && (Object.keys(pause.part).length === 0 || partKey(pause.part) === part)
}

async function writeDown({ store, clock }: Engine, source: Source): Promise<void> {
  const schedules = schedulesOf(source.stream.schedule, source.options)
  const now = await clock.now()
  const entries = schedules.map(rule => entryOf(rule, now)).toSorted((one, other) => (one.turn < other.turn ? -1 : 1))
  await store.transaction(tx => setSchedules(tx, ownerOf(source), entries))
}

/** What somebody has removed, or dropped because the clock went days ahead. A stream without schedules has none to write. */
async function writeDownAgain(engine: Engine, source: Source): Promise<void> {
  if (schedulesOf(source.stream.schedule, source.options).length > 0) await writeDown(engine, source)
}

function entryOf(rule: Schedule, now: Date): Entry {
  const next = 'every' in rule ? now : nextTurn(rule, now)
  return { turn: scheduleText(rule), rule, next, check: nextCheck(rule, now) && now }
}

const owners = new WeakMap<Source, Owner>()

/**
 * Whose turns a source has. Two processes with other parts, or with another address of the vendor, are two configurations:
 * neither knows what the other wants to have planned, so neither takes its turns. Their runs are worked on by whoever is free.
 * Asked at every beat, and the same as long as a process runs.
 */
function ownerOf(source: Source): Owner {
  const known = owners.get(source)
  if (known) return known
  const { connector, account, stream, baseUrl, options } = source
  const parts = stream.parts(options).map(partKey).toSorted()
  const variant = createHash('sha256')
    .update(JSON.stringify([baseUrl, parts]))
    .digest('hex')
    .slice(0, 16)
  const owner = { connector: connector.name, account, stream: stream.name, variant }
  owners.set(source, owner)
  return owner
}
