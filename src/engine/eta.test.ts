import { expect, test } from 'vitest'
import { binance } from '../connectors/binance/index.ts'
import type { Rule } from '../core/limit.ts'
import type { Bucket } from '../core/limits.ts'
import type { Run } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import { etasOf } from './eta.ts'
import { progressOf } from './progress.ts'

const noon = new Date('2026-03-01T12:00:00Z')
const rule: Rule = { kind: 'fixed', max: 60, every: '1m', owner: 'egress' }
const options = binance.streams[0]!.options.parse({ batch_size: 100 })
const source: Source = {
  ...{ connector: { ...binance, limits: { weight: rule } }, stream: binance.streams[0]!, account: 'public' },
  ...{ credentials: {}, baseUrl: 'http://acme.example', settings: {}, options },
}

/** A run with so many minutes of candles before it: a question asks for 100 of them and costs 2. */
function load(id: string, minutes: number, more: Partial<Run> = {}): Run {
  const to = new Date('2026-02-01T00:00:00Z')
  const position = new Date(to.getTime() - minutes * 60_000)
  const slice = { connector: 'binance', account: 'public', stream: 'candles', part: { symbol: id, interval: '1m' } }
  return { ...slice, id, state: 'waiting', from: position, to, position, pages: 0, startedAt: null, ...more } as Run
}

const etas = (runs: Run[], buckets: Partial<Bucket>[] = []) =>
  etasOf(runs, { sources: [source], buckets: buckets as Bucket[], egress: 'default', now: noon })

const minutesOf = (runs: Run[], buckets?: Partial<Bucket>[]) =>
  etas(runs, buckets).map(({ at }) => (at.getTime() - noon.getTime()) / 60_000)

test('a load alone takes what its questions cost, at the pace of its quota', () => {
  expect(etas([load('A', 30_000)])).toEqual([
    {
      run: 'A',
      questions: 300,
      bucket: 'binance/weight/default',
      ceiling: 60,
      every: 60_000,
      at: new Date('2026-03-01T12:10:00Z'),
    },
  ])
})

test('loads that share a quota take turns: the shorter one is done when each has had as much', () => {
  expect(minutesOf([load('A', 30_000), load('B', 3_000)])).toEqual([11, 2])
  expect(minutesOf([load('A', 3_000), load('B', 3_000), load('C', 3_000)])).toEqual([3, 3, 3])
})

test('a closed bucket and a slower pace put the end off', () => {
  const closed = { bucket: 'binance/weight/default', closedUntil: new Date('2026-03-01T12:05:00Z'), slow: 1 }
  expect(minutesOf([load('A', 3_000)], [closed])).toEqual([6])
  expect(minutesOf([load('A', 3_000)], [{ ...closed, closedUntil: null, slow: 2 }])).toEqual([2])
})

test('a load that has been slower than its quota goes on so', () => {
  const slow = { pages: 10, startedAt: new Date('2026-03-01T11:50:00Z') }
  expect(minutesOf([load('A', 3_000, slow)])).toEqual([30])
})

test('what has ended, or has nothing to ask, or belongs to nobody here, has no end to come', () => {
  expect(etas([load('A', 3_000, { state: 'success' }), load('B', 0), load('C', 3_000, { account: 'other' })])).toEqual(
    [],
  )
})

test('what no quota holds back has no end that a quota tells', () => {
  const free = { ...source, stream: { ...source.stream, limit: {} } }
  expect(etasOf([load('A', 3_000)], { sources: [free], buckets: [], egress: 'default', now: noon })).toEqual([])
})

test('pages of which a total was told or guessed take what they have left', () => {
  const pages = {
    ...source,
    stream: { ...source.stream, mode: 'chain', batch: () => 20 } as unknown as Source['stream'],
  }
  const known = { sources: [pages], buckets: [], egress: 'default', now: noon }
  const run = load('A', 0, { records: 400, total: 1_000 } as Partial<Run>)
  expect(etasOf([run], known)).toMatchObject([{ questions: 30 }])
  expect(progressOf([run], [pages], noon)).toMatchObject({ done: 400, total: 1_000, open: false })
  expect(progressOf([{ ...run, state: 'success' }], [pages], noon)).toMatchObject({ done: 400, total: 400 })
  expect(etasOf([{ ...run, total: null }], known)).toEqual([])
  expect(progressOf([{ ...run, total: null }], [pages], noon)).toMatchObject({ done: 400, open: true })
  expect(progressOf([{ ...run, total: null, state: 'success' }], [pages], noon)).toMatchObject({ open: false })
})
