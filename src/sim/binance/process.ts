import { parseArgs } from 'node:util'
import { openClock } from '../clock.ts'
import { flags, host } from '../host.ts'
import { control } from './control.ts'
import { demoWorld } from './demo.ts'
import { imitateBinance } from './exchange.ts'
import type { World } from './world.ts'

/**
 * The imitated exchange as a process of its own:
 *
 *   node process.ts --symbols BTCUSDT,ETHUSDT --days 30 --outage 2025-01-05T02:00Z/2025-01-05T05:00Z
 *
 * Other options: --port, --seed, --since and --now (times; --now stops the clock), --quiet (share of minutes without a
 * trade), --unlimited, --plain (no compression), --demo (the demo's world). It prints one line of JSON once it listens:
 * { url, world }. Whoever gives `world` to imitateBinance knows the same truth. Ends on SIGTERM.
 */
const { values } = parseArgs({
  options: {
    ...flags,
    seed: { type: 'string', default: '1' },
    symbols: { type: 'string', default: 'BTCUSDT' },
    days: { type: 'string', default: '30' },
    since: { type: 'string' },
    outage: { type: 'string', multiple: true, default: [] },
    quiet: { type: 'string', default: '0' },
    unlimited: { type: 'boolean', default: false },
    demo: { type: 'boolean', default: false },
  },
})

const day = 86_400_000
const clock = openClock(values.now)
const { now } = clock
const limits = values.unlimited ? { weight: Number.POSITIVE_INFINITY, requests: Number.POSITIVE_INFINITY } : {}
const world = values.demo ? demoWorld(now()) : worldOf(values)

const binance = imitateBinance({ ...world, now, limits })
await host(control(binance, clock), values, { world })

function worldOf({ seed, symbols, since, days, quiet, outage }: typeof values): World {
  const listed = since === undefined ? (Math.floor(now() / day) - Number(days)) * day : Date.parse(since)
  const outages = outage.map(text => text.split('/').map(Date.parse)).map(([from, to]) => ({ from: from!, to: to! }))
  return {
    seed: Number(seed),
    symbols: symbols.split(',').map(symbol => ({ symbol, listed, quiet: Number(quiet) })),
    outages,
  }
}
