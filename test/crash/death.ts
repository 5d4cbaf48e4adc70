import { expect } from 'vitest'
import type { Call } from '../../src/sim/binance/call.ts'
import { type Command, until } from '../setup/sluice.ts'
import type { Load, Stand } from './load.ts'

/** A moment to die at. `isOver` tells that the command has ended by itself, so that there is nothing to wait for. */
export type Moment = (load: Load, isOver: () => boolean) => Promise<Reached>

/** What held at that moment, if it must hold after the death as well, and what to let go of then. */
type Reached = { stands?: Stand[]; release?: () => Promise<unknown> }

/**
 * Begins the load and kills it, process group and all, with SIGKILL at a moment. What had been committed when it began is
 * not asked for again. True when the load ended by itself before, as it does when nothing is left to load.
 */
export async function die(load: Load, moment: Moment): Promise<boolean> {
  const [before, mark] = [await load.stands(), (await load.calls()).length]
  const command = load.begin()
  const { stands, release } = await moment(load, () => hasEnded(command))
  const isOver = hasEnded(command)
  if (!isOver) command.signalGroup('SIGKILL')
  const ended = await command.ended
  await release?.()
  await load.buried()
  expect(ended, ended.err).toMatchObject(isOver ? { code: 0 } : { signal: 'SIGKILL' })
  if (stands) expect(await load.stands()).toEqual(stands)
  expectNoRepetition(before, (await load.calls()).slice(mark))
  return isOver
}

/** Begins the load and lets it come to its end. */
export async function live(load: Load): Promise<void> {
  expect(await die(load, (_, isOver) => until('the load has ended', isOver).then(() => ({})))).toBe(true)
}

/** No call asks for anything that is committed. */
function expectNoRepetition(before: readonly Stand[], calls: readonly Call[]): void {
  for (const { symbol, next } of before) {
    const starts = calls.filter(({ query }) => query.symbol === symbol).map(({ query }) => Number(query.startTime))
    expect(Math.min(...starts, Number.POSITIVE_INFINITY), symbol).toBeGreaterThanOrEqual(next)
  }
}

/** After so many questions, in the middle of the commit of a page: its rows are written, but the ledger cannot be. */
export function beforeCommit(questions: number): Moment {
  return async (load, isOver) => {
    await asked(load, questions, isOver)
    await load.query('begin')
    await load.query('lock table sluice.coverage in share mode')
    const stands = await load.stands()
    await until('a commit waits for the ledger', async () => isOver() || (await waitsForLedger(load)))
    return { ...(isOver() ? {} : { stands }), release: () => load.query('rollback') }
  }
}

/** Resolves when this process has asked so many questions. */
async function asked(load: Load, questions: number, isOver: () => boolean): Promise<void> {
  const goal = (await load.calls()).length + questions
  await until(`${questions} questions are asked`, async () => isOver() || (await load.calls()).length >= goal)
}

async function waitsForLedger(load: Load): Promise<boolean> {
  const waiting = await load.query(`select from pg_locks where not granted and relation = 'sluice.coverage'::regclass`)
  return waiting.length > 0
}

/** After so many questions: all that was answered is committed, and every part waits for its next page. */
export function afterCommit(questions: number): Moment {
  return async (load, isOver) => {
    const mark = (await load.calls()).length
    const match = { path: '/api/v3/klines', nth: questions + 1 }
    const hold = await load.plant({ kind: 'hold', match, times: 1e9 })
    const stands = await until('all that was answered is committed', async () => {
      const [calls, stands] = [(await load.calls()).slice(mark), await load.stands()]
      return isOver() || isStill(calls, stands) ? stands : undefined
    })
    return { ...(isOver() ? {} : { stands }), release: () => load.remove(hold) }
  }
}

/** Every part that asks waits for the very page that its checkpoint leads to. */
function isStill(calls: readonly Call[], stands: readonly Stand[]): boolean {
  const held = calls.filter(({ status, fault }) => status === 0 && fault?.includes('hold'))
  const asking = stands.filter(({ symbol }) => calls.some(({ query }) => query.symbol === symbol))
  const waits = ({ symbol, next }: Stand) =>
    held.some(({ query }) => query.symbol === symbol && Number(query.startTime) === next)
  return held.length > 0 && asking.filter(({ next }) => next < Number.POSITIVE_INFINITY).every(waits)
}

/** As soon as so many questions have been asked, whatever that meets. */
export function atRandom(questions: number): Moment {
  return async (load, isOver) => {
    await asked(load, questions, isOver)
    return {}
  }
}

function hasEnded({ child }: Command): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
