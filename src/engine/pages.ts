import { isDeepStrictEqual } from 'node:util'
import { BadPage } from '../core/failure.ts'
import { delay, exponential } from '../core/retry.ts'
import { sliceText } from '../core/run.ts'
import type { Answer, Page } from '../core/stream.ts'
import type { Voyage } from './begin.ts'
import { check } from './check.ts'
import { commit, type Place } from './commit.ts'
import type { Engine } from './engine.ts'

/** A bad page is asked for again this often before the run fails. */
const secondLooks = exponential({ retries: 3, base: '1s' })

/** A question that is under way: the time it reaches to, and its answer, read. */
type Asked = { to: Date; turned: Promise<{ answer: Answer; page: Page<unknown> }> }

/**
 * Goes from page to page until nothing newer is there. The next page is asked for while this one is being committed, and
 * never more than one ahead: whatever happens, at most the answers in flight are lost.
 */
export async function turnPages(engine: Engine, voyage: Voyage, signal: AbortSignal): Promise<Place> {
  let { place } = voyage
  let asked = ask(engine, voyage, place, signal)
  for (;;) {
    const { answer, page } = await asked.turned
    const more = goesOn(voyage, place, page, asked.to)
    const next = more ? ask(engine, voyage, { ...place, cursor: page.next }, signal) : undefined
    try {
      place = await store(engine, voyage, place, { answer, page })
    } catch (error) {
      await next?.turned.catch(() => undefined)
      throw error
    }
    const following = next ?? (await later(engine, voyage, place, asked.to, signal))
    if (!following) return place
    asked = following
  }
}

/** Whether the vendor has another page for the same question. A cursor that stays where it was would ask for ever. */
function goesOn({ slice }: Voyage, { cursor }: Place, page: Page<unknown>, to: Date): boolean {
  if (page.done) return false
  if (!isDeepStrictEqual(page.next, cursor)) return true
  throw new BadPage('stuck-cursor', `${sliceText(slice)}: the page before ${to.toISOString()} leads to itself`)
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
  return endOf(voyage, now) > asked ? ask(engine, voyage, { ...place, now }, signal) : undefined
}

function endOf({ run, source, slice }: Voyage, now: Date): Date {
  return run.to ?? source.stream.horizon({ now, part: slice.part })
}

function ask(engine: Engine, voyage: Voyage, { cursor, now }: Place, signal: AbortSignal): Asked {
  const to = endOf(voyage, now)
  const turned = turn(engine, voyage, cursor, to, signal)
  turned.catch(() => undefined)
  return { to, turned }
}

/** Asks one question and reads its answer, again when the answer is not what the vendor documents. */
async function turn(engine: Engine, { source, slice, line }: Voyage, cursor: unknown, to: Date, signal: AbortSignal) {
  const { stream, options } = source
  const at = { part: slice.part, to, options }
  for (let look = 1; ; look++) {
    try {
      const answer = await line(stream.request(cursor, at), signal)
      return { answer, page: stream.parse(answer, cursor, at) }
    } catch (error) {
      const wait = error instanceof BadPage ? delay(secondLooks, look) : undefined
      if (wait === undefined) throw named(error, sliceText(slice))
      await engine.clock.until(new Date((await engine.clock.now()).getTime() + wait), signal)
    }
  }
}

function named(error: unknown, who: string): unknown {
  if (!(error instanceof BadPage) || error.message.startsWith(who)) return error
  return new BadPage(error.code, `${who}: ${error.message}`, { cause: error })
}

async function store(
  engine: Engine,
  voyage: Voyage,
  place: Place,
  { answer, page }: { answer: Answer; page: Page<unknown> },
) {
  const { run, source, slice, table, counted } = voyage
  const measure = { stream: source.stream, table, part: slice.part, answer, covered: page.covered }
  return commit(engine.store, { slice, run, place, page, checked: check(page.records, measure), table, counted })
}
