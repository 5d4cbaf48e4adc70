import { expect, test } from 'vitest'
import { z } from 'zod'
import { candles } from '../connectors/binance/candles.ts'
import { binance } from '../connectors/binance/index.ts'
import { optionsOfRun, saidText, sourceOfRun, withFlags } from './flag.ts'
import { count, instant } from './option.ts'
import type { Source } from './source.ts'

const options = z.strictObject({
  ...candles.options.shape,
  pages: count(1, 10).optional().meta({ flag: 'max-pages' }),
  since: instant().optional().meta({ flag: 'list-since' }),
})
const source: Source = {
  ...{ connector: binance, stream: { ...binance.streams[0]!, options }, account: 'public', credentials: {} },
  ...{ baseUrl: 'http://127.0.0.1:9', settings: {}, options: { symbols: ['BTCUSDT'], batch_size: 100 } },
}
const run = { connector: 'binance', account: 'public', stream: 'candles', part: {} }

test('flags are laid over the settings as the stream reads them, and kept as they were typed', () => {
  const { options, flags } = withFlags(source, { 'max-pages': '5', 'list-since': '2026-11-23' })
  expect(options).toEqual({ symbols: ['BTCUSDT'], batch_size: 100, pages: 5, since: new Date('2026-11-23') })
  expect(flags).toEqual({ 'max-pages': '5', 'list-since': '2026-11-23' })
  expect(saidText(flags!)).toBe('--max-pages 5 --list-since 2026-11-23')
})

test('flags that only choose parts count for the plan and are not kept: a run has its part', () => {
  const { options, flags } = withFlags(source, { symbols: 'ETHUSDT,BTCUSDT', 'max-pages': '2' })
  expect(options).toMatchObject({ symbols: ['ETHUSDT', 'BTCUSDT'], pages: 2 })
  expect(flags).toEqual({ 'max-pages': '2' })
})

test('the settings of a run without flags are those of the source', () => {
  expect(sourceOfRun([source], { ...run, flags: null })).toBe(source)
})

test('the settings of a new generation take flags like those of the stream itself', () => {
  const young = sourceOfRun([source], { ...run, stream: 'candles~new', flags: { 'max-pages': '3' } })
  expect(young).toMatchObject({ stream: { name: 'candles~new' }, options: { pages: 3 } })
})

test('what a stream cannot use is refused by name, and passed over where a run is only told of', () => {
  const tell = (flags: Record<string, string>) => () => withFlags(source, flags)
  expect(tell({ 'max-pages': '11' })).toThrow(
    /^binance\/public candles .* --max-pages 11, which must be a whole number/,
  )
  expect(tell({ colour: 'red' })).toThrow(/--colour red, and there is no such flag here/)
  expect(tell({ 'max-pages': '11' })).toThrow(expect.objectContaining({ code: 'bad-flag' }))
  expect(optionsOfRun(source, { flags: { 'max-pages': '11', 'list-since': '2026-11-23' } })).toEqual({
    ...source.options,
    since: new Date('2026-11-23'),
  })
})
