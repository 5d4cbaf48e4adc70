import { parseArgs } from 'node:util'
import { flags, host } from '../host.ts'
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
const { values } = parseArgs({ options: { port: flags.port, options: { type: 'string' } } })

const acme = imitateAcme(JSON.parse(values.options ?? '{}'))
await host(control(acme), values)
