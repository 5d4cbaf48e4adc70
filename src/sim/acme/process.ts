import { parseArgs } from 'node:util'
import { serve } from '../serve.ts'
import { imitateAcme } from './acme.ts'
import { control } from './control.ts'

/**
 * The vendor as a process of its own:
 *
 *   node process.ts --options '{"accounts":["anna"],"since":1735689600000,"every":60000,"rows":100}'
 *
 * What the options may hold is told at `Options` in acme.ts. It prints one line of JSON once it listens: { url }. Ends on
 * SIGTERM.
 */
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, options: { type: 'string' } } })

const acme = imitateAcme(JSON.parse(values.options ?? '{}'))
const served = await serve(control(acme), { port: Number(values.port) })
process.on('SIGTERM', () => void served.close())
process.stdout.write(`${JSON.stringify({ url: served.url })}\n`)
