import { BadPage } from '../core/failure.ts'
import { delay, exponential } from '../core/retry.ts'
import { sliceText } from '../core/run.ts'
import type { Reading } from '../core/stream.ts'
import { type Checked, check } from './check.ts'
import { commit } from './commit.ts'
import type { Engine } from './engine.ts'
import { endOfLeg, onward } from './legs.ts'
import type { Place, Voyage } from './voyage.ts'

/** A bad page is asked for again this often before the run fails. */
const secondLooks = exponential({ retries: 3, base: '1s' })

/** What an answer says, and what its records became. The answer itself, which is large, is not kept. */
type Turned = { page: Reading<unknown>; checked: Checked }

/** A question that is under way: the time it reaches to, and its answer. */
type Asked = { to: Date; turned: Promise<Turned> }

/**
 * Goes from page to page until nothing newer is there. The next page is asked for while this one is being committed, and
 * never more than one ahead: whatever happens, at most the answers in flight are lost.
 */
export async function turnPages(engine: Engine, voyage: Voyage, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  try {
    await turnEach(engine, voyage, AbortSignal.any([signal, over.signal]))
  } finally {
    over.abort(new Error('the run has ended'))
  }
}

/** The question that is under way when a commit fails is of no use to anybody; `turnPages` takes it back. */
async function turnEach(engine: Engine, voyage: Voyage, signal: AbortSignal): Promise<void> {
  let { place } = voyage
  let asked: Asked | undefined = place.legs.length > 0 ? ask(engine, voyage, place, signal) : undefined
  while (asked) {
    const turned = await asked.turned
    const course = onward(voyage, place, turned.page)
    const goesOn = !turned.page.done || course.legs.length < place.legs.length
    const next = goesOn ? ask(engine, voyage, { ...place, ...course }, signal) : undefined
    place = await commit(engine.store, { ...voyage, ...turned, place, course })
    asked = next ?? (await later(engine, voyage, place, asked.to, signal))
  }
}

/** A run to the present looks whether time has gone on while it worked. */
async function later(
  engine: Engine,
  voyage: Voyage,
  place: Place,
  asked: Date,
  signal: AbortSignal,
): Promise<Asked | undefined> {
  if (voyage.run.to) return undefined
  const now = await engine.clock.now()
  return endOfLeg(voyage, place, now) > asked ? ask(engine, voyage, { ...place, now }, signal) : undefined
}

function ask(engine: Engine, voyage: Voyage, place: Place, signal: AbortSignal): Asked {
  const to = endOfLeg(voyage, place, place.now)
  const turned = turn(engine, voyage, place.cursor, to, signal)
  turned.catch(() => undefined)
  return { to, turned }
}

/** Asks one question, reads its answer and checks its records, again when it is not what the vendor documents. */
async function turn(
  engine: Engine,
  { source, slice, table, line }: Voyage,
  cursor: unknown,
  to: Date,
  signal: AbortSignal,
): Promise<Turned> {
  const { stream, options } = source
  const { part } = slice
  const at = { part, to, options }
  for (let look = 1; ; look++) {
    try {
      const answer = await line(stream.request(cursor, at), signal)
      const { records, ...page } = stream.parse(answer, cursor, at)
      return { page, checked: check(records, { stream, table, part, answer, covered: page.covered }) }
    } catch (error) {
      const wait = error instanceof BadPage ? delay(secondLooks, look) : undefined
      if (wait === undefined) throw named(error, sliceText(slice))
      await engine.clock.pass(wait, signal)
    }
  }
}

function named(error: unknown, who: string): unknown {
  if (!(error instanceof BadPage) || error.message.startsWith(who)) return error
  return new BadPage(error.code, `${who}: ${error.message}`, { cause: error })
}
