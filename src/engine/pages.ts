import { milliseconds } from '../core/duration.ts'
import { BadPage, Postponed, Rejected, Throttled, Transient } from '../core/failure.ts'
import type { Reading } from '../core/page.ts'
import { delay, exponential } from '../core/retry.ts'
import { sliceText } from '../core/run.ts'
import { isRanged } from '../core/stream.ts'
import type { Measure } from './check.ts'
import { commit, type Leaf, type Sheet } from './commit.ts'
import type { Engine } from './engine.ts'
import { beginsOf, endOfLeg, onward } from './legs.ts'
import type { Opened } from './line.ts'
import { checkAll, largest, sheetOf, sheetsOf, sheetsOfBody } from './sheets.ts'
import type { Place, Voyage } from './voyage.ts'

/** A bad page is asked for again this often before the run fails. */
const secondLooks = exponential({ retries: 3, base: '1s' })

/** Longer waits than this that a vendor asks for are waited through without a worker (ms). */
const shortWait = 5_000

/**
 * What an answer says, and what its records became; those of a large one only while they are committed. `answered` is
 * the vendor's clock, `asked` the database's when the question was asked. Whoever commits nothing of it drops it: the
 * reader may hold it.
 */
type Turned = Omit<Leaf, 'course' | 'page'> & { page: Reading<unknown>; isLarge: boolean; drop(): void }

/** A question that is under way: the time it reaches to, and its answer. */
type Asked = { to: Date; turned: Promise<Turned> }

/**
 * Goes from page to page until nothing newer is there. The next page is asked for while this one is being committed, and
 * never more than one ahead: whatever happens, at most the answers in flight are lost.
 */
export async function turnPages(engine: Engine, voyage: Voyage, signal: AbortSignal): Promise<Place> {
  const over = new AbortController()
  try {
    return await turnEach(engine, voyage, AbortSignal.any([signal, over.signal]))
  } finally {
    over.abort(new Error('the run has ended'))
  }
}

/** The question that is under way when a commit fails is of no use to anybody; `turnPages` takes it back. */
async function turnEach(engine: Engine, voyage: Voyage, signal: AbortSignal): Promise<Place> {
  let { place } = voyage
  let asked: Asked | undefined = place.legs.length > 0 ? ask(engine, voyage, place, signal) : undefined
  let next: Asked | undefined
  try {
    while (asked) {
      const turned = await asked.turned
      const { wait } = turned.page
      const { course, goesOn } = await onward(engine.store, voyage, place, turned.page)
      const isSoon = goesOn && !wait && !turned.isLarge
      next = isSoon ? ask(engine, voyage, { ...place, ...course }, signal) : undefined
      place = await commit(engine.store, voyage, place, { ...turned, course })
      if (wait && goesOn) await hold(engine, voyage, milliseconds(wait), signal)
      if (next) asked = next
      else asked = goesOn ? ask(engine, voyage, place, signal) : await later(engine, voyage, place, asked.to, signal)
    }
    return place
  } finally {
    for (const each of [asked, next]) each?.turned.then(({ drop }) => drop()).catch(() => undefined)
  }
}

/** A vendor that needs time gets it: a little at once, more without a worker. @throws Postponed */
async function hold({ clock }: Engine, { slice }: Voyage, wait: number, signal: AbortSignal): Promise<void> {
  if (wait <= shortWait) return clock.pass(wait, signal)
  const until = new Date((await clock.now()).getTime() + wait)
  throw new Postponed(`${sliceText(slice)}: the vendor is not ready yet`, until)
}

/** A run to the present looks whether time has gone on while it worked. */
async function later(
  engine: Engine,
  voyage: Voyage,
  place: Place,
  asked: Date,
  signal: AbortSignal,
): Promise<Asked | undefined> {
  if (voyage.run.to || !isRanged(voyage.source.stream)) return undefined
  const now = await engine.clock.now()
  return endOfLeg(voyage, place, now) > asked ? ask(engine, voyage, { ...place, now }, signal) : undefined
}

function ask(engine: Engine, voyage: Voyage, place: Place, signal: AbortSignal): Asked {
  const to = endOfLeg(voyage, place, place.now)
  const turned = turn(engine, voyage, place, to, signal)
  turned.catch(() => undefined)
  return { to, turned }
}

/**
 * Asks one question, reads its answer and checks its records, again when it is not what the vendor documents.
 * @throws BadPage when it is not after a few looks; its cause is a Throttled where the quota allows no further one now
 */
async function turn(
  engine: Engine,
  voyage: Voyage,
  { cursor, subjects, now }: Place,
  to: Date,
  signal: AbortSignal,
): Promise<Turned> {
  const { source, slice, table, line } = voyage
  const { stream, options } = source
  const at = { part: slice.part, to, options, rows: subjects, ...(await beginsOf(engine.store, voyage)) }
  let bad: BadPage | undefined
  for (let look = 1; ; look++) {
    try {
      const { answer, body, asked = now } = await line(stream.request(cursor, at), signal)
      const drop = () => body?.close()
      const { records, ...page } = parsed(() => stream.parse(answer, cursor, at), drop, sliceText(slice))
      const measure = { stream, table, slice, answer, asked, subjects, cursor, covered: page.covered }
      return { page, answered: answer.at, asked, drop, ...(await sheetsIn(records, body, measure)) }
    } catch (error) {
      const isThrottled = bad !== undefined && error instanceof Throttled
      if (isThrottled) throw named(new BadPage(bad!.code, bad!.message, { cause: error }), sliceText(slice))
      const wait = error instanceof BadPage ? delay(secondLooks, look) : undefined
      if (wait === undefined) throw named(error, sliceText(slice))
      bad = error as BadPage
      await engine.clock.pass(wait, signal)
    }
  }
}

/** What a connector makes of an answer. One that it refuses is put away. */
function parsed(parse: () => unknown, drop: () => void, who: string) {
  try {
    return parse() as { records?: readonly unknown[] } & Reading<unknown>
  } catch (error) {
    drop()
    const text = `${who}: ${(error as Error).message}`
    if (error instanceof Rejected) throw new Rejected(error.code, text, { cause: error })
    throw error instanceof Transient ? new Transient(error.code, text, { cause: error }) : error
  }
}

/** The records that `parse` gave, or those of a body that is read one by one. A small page is checked at once. */
async function sheetsIn(
  records: readonly unknown[] | undefined,
  body: Opened | undefined,
  measure: Measure,
): Promise<Sheets> {
  if (body && !records) return { sheets: sheetsOfBody(body, measure), isLarge: true }
  body?.close()
  if (records && records.length > largest) return { sheets: sheetsOf(records, measure), isLarge: true }
  return { sheets: [sheetOf(await checkAll(records ?? [], measure), true)], isLarge: false }
}

type Sheets = { sheets: AsyncIterable<Sheet> | Iterable<Sheet>; isLarge: boolean }

function named(error: unknown, who: string): unknown {
  if (!(error instanceof BadPage) || error.message.startsWith(who)) return error
  return new BadPage(error.code, `${who}: ${error.message}`, { cause: error.cause ?? error })
}
