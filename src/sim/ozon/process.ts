import { parseArgs } from 'node:util'
import { serve } from '../serve.ts'
import { control } from './control.ts'
import { demoWorld } from './demo.ts'
import { imitateOzon, type Options } from './ozon.ts'

/**
 * The imitated vendor as a process of its own:
 *
 *   node process.ts --options '{ "sellers": [{ "clientId": "1", "apiKey": "key", "products": 500 }] }'
 *
 * The options are those of imitateOzon, without functions; without them it is the demo's world. Others: --port, --now (a
 * time at which the clock stands), --plain (no compression). It prints one line of JSON once it listens: { url, cdnUrl };
 * files lie on the second, a host of its own. Ends on SIGTERM.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    options: { type: 'string' },
    now: { type: 'string' },
    plain: { type: 'boolean', default: false },
  },
})

const clock = { offset: 0, frozen: values.now === undefined ? null : Date.parse(values.now) }
const now = () => clock.frozen ?? Date.now() + clock.offset
const options: Options = values.options === undefined ? demoWorld() : JSON.parse(values.options)
const compress = !values.plain

const files = await serve({ fetch: request => ozon.fetch(request) }, { compress })
const ozon = imitateOzon({ cdnUrl: files.url, ...options, now })
const served = await serve(control(ozon, clock), { port: Number(values.port), compress })
process.on('SIGTERM', () => void Promise.all([served.close(), files.close()]))
process.stdout.write(`${JSON.stringify({ url: served.url, cdnUrl: files.url })}\n`)
