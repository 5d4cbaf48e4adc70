import { parseArgs } from 'node:util'
import { openClock } from '../clock.ts'
import { flags, host } from '../host.ts'
import { imitateChe168, type Options } from './che168.ts'
import { control } from './control.ts'
import { demoWorld } from './demo.ts'

/**
 * The imitated vendor as a process of its own:
 *
 *   node process.ts --options '{"seed":1,"adverts":250000,"key":"key"}'
 *
 * Other options: --port, --now (a time; stops the clock), --plain (no compression), --demo (the demo's market, to which
 * --options adds). A market without `since` opens now, and without a key the key is `key`. It prints one line of JSON once
 * it listens: { url, options }. Ends on SIGTERM.
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
const given = { since: now(), key: 'key', ...(values.demo && demoWorld(now())), ...JSON.parse(values.options) }
const options: Options = given

const vendor = imitateChe168({ ...options, now })
await host(control(vendor, clock), values, { options })
