import { parseArgs } from 'node:util'
import { openClock } from '../clock.ts'
import { flags, host } from '../host.ts'
import { control } from './control.ts'
import { demoWorld } from './demo.ts'
import { imitateWildberries, type Options } from './wildberries.ts'

/**
 * The imitated marketplace as a process of its own:
 *
 *   node process.ts --options '{"seed":1,"sellers":[{"name":"romashka","orders":100}],"pageRows":500}'
 *
 * Other options: --port, --now (a time; stops the clock), --plain (no compression), --demo (the demo's world, to which
 * --options adds). Sellers without a time of their first order get one, 90 days back. It prints one line of JSON once it
 * listens: { url, options, tokens }, one token for each seller. Ends on SIGTERM.
 */
const { values } = parseArgs({
  options: {
    ...flags,
    options: { type: 'string', default: '{}' },
    demo: { type: 'boolean', default: false },
  },
})

const clock = openClock(values.now)
const { now } = clock
const options = complete({ ...(values.demo && demoWorld(now())), ...JSON.parse(values.options) })

const vendor = imitateWildberries({ ...options, now })
const tokens = Object.fromEntries(options.sellers.map(({ name }) => [name, vendor.mint(name)]))
await host(control(vendor, clock), values, { options, tokens })

/** Whoever gives the options printed to imitateWildberries knows the same truth, whenever that is. */
function complete(given: Options): Options {
  const since = now() - 90 * 86_400_000
  return { ...given, sellers: given.sellers.map(seller => ({ since, ...seller })) }
}
