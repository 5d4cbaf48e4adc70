import { parseArgs } from 'node:util'
import { serve } from '../serve.ts'
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
    port: { type: 'string', default: '0' },
    options: { type: 'string', default: '{}' },
    now: { type: 'string' },
    demo: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
  },
})

const clock = { offset: 0, frozen: values.now === undefined ? null : Date.parse(values.now) }
const now = () => clock.frozen ?? Date.now() + clock.offset
const given = { since: now(), key: 'key', ...(values.demo && demoWorld(now())), ...JSON.parse(values.options) }
const options: Options = given

const vendor = imitateChe168({ ...options, now })
const served = await serve(control(vendor, clock), { port: Number(values.port), compress: !values.plain })
process.on('SIGTERM', () => void served.close())
process.stdout.write(`${JSON.stringify({ url: served.url, options })}\n`)
