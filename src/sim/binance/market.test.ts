import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imitateBinance, type Options } from './exchange.ts'
import { intervals } from './interval.ts'
import type { Row } from './market.ts'

const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000]
const noon = Date.UTC(2024, 4, 15, 12)

/** BTCUSDT since two days, an hour's outage yesterday, an own gap of ETHUSDT, and a dead symbol. */
function setup(changes: Partial<Options> = {}) {
  const clock = { now: noon + 30_500 }
  const binance = imitateBinance({
    seed: 7,
    symbols: [
      { symbol: 'BTCUSDT', listed: noon - 2 * day, price: 60_000 },
      {
        symbol: 'ETHUSDT',
        listed: noon - 2 * day + 90 * second,
        gaps: [{ from: noon - 5 * hour, to: noon - 4 * hour }],
      },
      { symbol: 'OLDUSDT', listed: noon - 2 * day, delisted: noon - day },
    ],
    outages: [{ from: noon - day, to: noon - day + hour }],
    now: () => clock.now,
    ...changes,
  })
  const rows = async (query: Record<string, unknown>): Promise<Row[]> => {
    const all = { symbol: 'BTCUSDT', interval: '1m', ...query } as Record<string, string>
    const answer = await binance.fetch(new Request(`http://sim/api/v3/klines?${new URLSearchParams(all)}`))
    return (await answer.json()) as Row[]
  }
  return { binance, clock, rows }
}

const opens = (rows: Row[]) => rows.map(([open]) => open)

describe('paging', () => {
  it('takes startTime and endTime as inclusive open times', async () => {
    const { rows } = setup()
    expect(opens(await rows({ startTime: noon - hour, endTime: noon - hour }))).toEqual([noon - hour])
    expect(await rows({ startTime: noon - hour, endTime: noon - 1 })).toHaveLength(60)
    expect(await rows({ startTime: noon - hour, endTime: noon })).toHaveLength(61)
  })

  it('cuts from the start, whatever the end', async () => {
    const { rows } = setup()
    const page = await rows({ startTime: noon - day, endTime: noon, interval: '5m', limit: 24 })
    expect(page).toHaveLength(24)
    expect(page[0]![0]).toBe(noon - day + hour)
  })

  it('begins with the next candle when startTime is not aligned', async () => {
    const { rows } = setup()
    expect(opens(await rows({ startTime: noon - hour + 1, limit: 1 }))).toEqual([noon - hour + minute])
  })

  it('answers the most recent candles without times, and the most recent up to the end with only an end', async () => {
    const { rows } = setup()
    expect(opens(await rows({ limit: 2 }))).toEqual([noon - minute, noon])
    expect(opens(await rows({ limit: 2, endTime: noon - hour + 5 }))).toEqual([noon - hour - minute, noon - hour])
  })

  it('answers 500 rows by default and never more than 1000', async () => {
    const { rows } = setup()
    expect(await rows({})).toHaveLength(500)
    expect(await rows({ limit: 5000 })).toHaveLength(1000)
  })

  it('finds the listing with startTime=0 and limit=1, though it lies within the minute', async () => {
    const { rows } = setup()
    const [first] = await rows({ symbol: 'ETHUSDT', startTime: 0, limit: 1 })
    expect(first![0]).toBe(noon - 2 * day + minute)
  })

  it('answers nothing when the start lies behind the end or in the future', async () => {
    const { rows } = setup()
    expect(await rows({ startTime: noon, endTime: noon - hour })).toEqual([])
    expect(await rows({ startTime: noon + day })).toEqual([])
    expect(await rows({ startTime: '9999999999999999999', interval: '1M' })).toEqual([])
  })

  it('takes times in microseconds too', async () => {
    const { rows } = setup()
    expect(opens(await rows({ startTime: (noon - hour) * 1000, limit: 1 }))).toEqual([noon - hour])
  })

  it('gives the truth with any page size, interval and beginning', async () => {
    const { binance, rows } = setup({ symbols: [{ symbol: 'BTCUSDT', listed: noon - 2 * day + 61_234, quiet: 0.3 }] })
    const page = fc.record({
      limit: fc.integer({ min: 40, max: 1000 }),
      interval: fc.constantFrom('1m', '3m', '15m', '1h', '1d', '1w', '1M'),
      back: fc.integer({ min: 1, max: 3 * day }),
    })
    const follow = async ({ limit, interval, back }: { limit: number; interval: string; back: number }) => {
      const collected: Row[] = []
      for (let startTime = noon - back; ; ) {
        const found = await rows({ interval, startTime, endTime: noon - 1, limit })
        collected.push(...found)
        if (found.length < limit) break
        startTime = found.at(-1)![0] + 1
      }
      const closed = collected.filter(row => row[6] < noon)
      expect(closed).toEqual(binance.truth('BTCUSDT', interval, noon - back, noon))
    }
    await fc.assert(fc.asyncProperty(page, follow), { numRuns: 60 })
  })
})

describe('holes', () => {
  it('leaves an outage out of every symbol and a gap out of its own', async () => {
    const { rows } = setup()
    const outage = { startTime: noon - day, endTime: noon - day + hour - 1 }
    const gap = { startTime: noon - 5 * hour, endTime: noon - 4 * hour - 1 }
    expect(await rows(outage)).toEqual([])
    expect(await rows({ ...outage, symbol: 'ETHUSDT' })).toEqual([])
    expect(await rows(gap)).toHaveLength(60)
    expect(await rows({ ...gap, symbol: 'ETHUSDT' })).toEqual([])
  })

  it('keeps a longer candle of which any part was tradable', async () => {
    const { rows } = setup()
    const hours = await rows({ interval: '2h', startTime: noon - day, limit: 1 })
    expect(hours[0]![0]).toBe(noon - day)
    expect(await rows({ interval: '1h', startTime: noon - day, endTime: noon - day })).toEqual([])
  })

  it('has no candle after a delisting', async () => {
    const { rows } = setup()
    const [last] = await rows({ symbol: 'OLDUSDT', limit: 1 })
    expect(last![0]).toBe(noon - day - minute)
    expect(await rows({ symbol: 'OLDUSDT', startTime: noon - day })).toEqual([])
  })

  it('shows misaligned minutes that never overlap', async () => {
    const { rows } = setup({ misaligned: [{ from: noon - 2 * hour, to: noon - hour, shift: 14_000 }] })
    const page = await rows({ startTime: noon - 2 * hour - minute, endTime: noon - hour })
    expect(opens(page).slice(0, 3)).toEqual([
      noon - 2 * hour - minute,
      noon - 2 * hour + 14_000,
      noon - 2 * hour + 74_000,
    ])
    for (const [at, row] of page.entries()) expect(row[0]).toBeGreaterThan(page[at - 1]?.[6] ?? 0)
    expect(page.at(-1)![0]).toBe(noon - hour)
  })
})

describe('rows', () => {
  it('are twelve elements of exact decimal text', async () => {
    const { rows } = setup()
    const [row] = await rows({ startTime: noon - hour, limit: 1 })
    expect(row).toHaveLength(12)
    for (const at of [1, 2, 3, 4, 5, 7, 9, 10]) expect(row![at]).toMatch(/^\d+\.\d{8}$/)
    expect(row![6]).toBe(noon - hour + 59_999)
    expect(row![11]).toBe('0')
  })

  it('are plausible: low and high hold the other prices, takers bought no more than all', async () => {
    const { rows } = setup()
    for (const interval of intervals.keys()) {
      for (const [, open, high, low, close, volume, , quote, trades, taker, takerQuote] of await rows({ interval })) {
        expect(Number(low)).toBeLessThanOrEqual(Math.min(Number(open), Number(close)))
        expect(Number(high)).toBeGreaterThanOrEqual(Math.max(Number(open), Number(close)))
        expect(Number(taker)).toBeLessThanOrEqual(Number(volume))
        expect(Number(takerQuote)).toBeLessThanOrEqual(Number(quote))
        expect(trades).toBeGreaterThan(0)
      }
    }
  })

  it('are the same for the same seed and others for another', async () => {
    const query = { startTime: noon - hour, limit: 60 }
    expect(await setup().rows(query)).toEqual(await setup().rows(query))
    expect(await setup({ seed: 8 }).rows(query)).not.toEqual(await setup().rows(query))
  })

  it('repeat the last close in a minute without trade', async () => {
    const { rows } = setup({ symbols: [{ symbol: 'BTCUSDT', listed: noon - hour, quiet: 0.5 }] })
    const page = await rows({ startTime: noon - hour, endTime: noon - 1 })
    const quiet = page.filter(row => row[8] === 0)
    expect(quiet.length).toBeGreaterThan(10)
    for (const row of quiet) {
      const before = page[page.indexOf(row) - 1]!
      expect(row.slice(1, 6)).toEqual([before[4], before[4], before[4], before[4], '0.00000000'])
    }
  })

  it('begin weeks on Monday and months on the first', async () => {
    const { rows } = setup({ symbols: [{ symbol: 'BTCUSDT', listed: Date.UTC(2023, 11, 20) }] })
    const [week] = await rows({ interval: '1w', limit: 1 })
    expect(new Date(week![0]).toISOString()).toBe('2024-05-13T00:00:00.000Z')
    const months = await rows({ interval: '1M', startTime: Date.UTC(2024, 1, 1), limit: 1 })
    expect(months[0]![6]).toBe(Date.UTC(2024, 2, 1) - 1)
  })

  it('carry what a quirk puts there', async () => {
    const quirk = { symbol: 'BTCUSDT', interval: '1m', openTime: noon - hour, field: 5, value: '5E-8' }
    const { binance, rows } = setup({ quirks: [quirk] })
    const query = { startTime: noon - hour, limit: 1 }
    expect((await rows(query))[0]![5]).toBe('5E-8')
    binance.alter({ ...quirk, field: 4, value: 'abc' })
    expect((await rows(query))[0]![4]).toBe('abc')
  })
})

describe('the open candle', () => {
  it('is the last row, only grows while it is open, and is final afterwards', async () => {
    const { binance, clock, rows } = setup()
    let before: Row | undefined
    for (clock.now = noon; clock.now < noon + minute; clock.now += 500) {
      const [open] = await rows({ limit: 1 })
      expect(open![0]).toBe(noon)
      if (before !== undefined) {
        expect(open![8]).toBeGreaterThan(before[8])
        for (const at of [2, 5, 7, 9, 10] as const) expect(Number(open![at])).toBeGreaterThanOrEqual(Number(before[at]))
        expect(Number(open![3])).toBeLessThanOrEqual(Number(before[3]))
      }
      before = open
    }
    const final = await rows({ startTime: noon, endTime: noon })
    clock.now += 10 * day
    expect(await rows({ startTime: noon, endTime: noon })).toEqual(final)
    expect(binance.truth('BTCUSDT', '1m', noon, noon + 1)).toEqual(final)
  })

  it('is no part of the truth', () => {
    const { binance } = setup()
    expect(binance.truth('BTCUSDT', '1m', noon - minute, noon + day)).toHaveLength(1)
  })

  it('does not appear while nothing can be traded', async () => {
    const { rows } = setup({ outages: [{ from: noon - 20_000, to: noon + 40_000 }] })
    expect(opens(await rows({ limit: 1 }))).toEqual([noon - minute])
  })
})
