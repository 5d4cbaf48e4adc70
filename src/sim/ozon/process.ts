import { parseArgs } from 'node:util'
import { openClock } from '../clock.ts'
import { flags, host } from '../host.ts'
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
    ...flags,
    options: { type: 'string' },
  },
})

const clock = openClock(values.now)
const { now } = clock
const options: Options = values.options === undefined ? demoWorld() : JSON.parse(values.options)

const files = await serve({ fetch: request => ozon.fetch(request) }, { compress: !values.plain })
const ozon = imitateOzon({ cdnUrl: files.url, ...options, now })
process.on('SIGTERM', () => void files.close())
await host(control(ozon, clock), values, { cdnUrl: files.url })
