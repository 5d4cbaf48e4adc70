import { expect, onTestFinished, test } from 'vitest'
import { imitateBinance } from '../src/sim/binance/exchange.ts'
import { serve } from '../src/sim/serve.ts'
import { installPackage } from './setup/package.ts'
import { blocksOf, follow } from './setup/page.ts'

const blocks = blocksOf('docs/getting-started.md')

/**
 * Numbers, times and paths differ from day to day, and with them the width of columns; a run of `up` may be under way.
 * Lines of progress are left out, and npm's own.
 */
function masked(screen: string): string {
  return screen
    .split('\n')
    .filter(line => !/Progress:|^npm (warn|notice)/.test(line))
    .map(line => line.replace(/(?<= |^)\/\S+?(?=\.?$)/, '/…'))
    .map(line => line.replace(/\b(planned|running|success)\b/, 'state'))
    .map(line =>
      line
        .replace(/\d[\d,.:-]*(T[\d:]+Z)?( (ms|s|min|h|d)\b)?/g, '#')
        .replace(/ +/g, ' ')
        .trim(),
    )
    .join('\n')
    .trim()
}

test('what the page tells is what a newcomer sees, in an empty folder', { timeout: 400_000 }, async ({ signal }) => {
  const listed = Date.UTC(2017, 7, 17, 4)
  const exchange = await serve(imitateBinance({ symbols: [{ symbol: 'BTCUSDT', listed }] }))
  onTestFinished(exchange.close)
  const folder = await installPackage(signal)
  expect(blocks.filter(({ kind }) => kind === 'sh').length).toBeGreaterThan(8)
  const env = { BINANCE_BASE_URL: exchange.url, LOG_FORMAT: 'plain' }
  await follow(blocks, { folder, signal, env, masked })
})
