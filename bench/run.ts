import { parseArgs } from 'node:util'
import { adverts } from './adverts/adverts.ts'
import type { Bench } from './bench.ts'
import { large } from './large/large.ts'
import { limits } from './limits/limits.ts'
import { marketplaces } from './marketplaces/marketplaces.ts'
import { printLine, printTable } from './print.ts'
import { pull } from './pull/pull.ts'
import { queue } from './queue/queue.ts'
import { reader } from './reader/reader.ts'
import { waiting } from './waiting/waiting.ts'

/**
 * Measures one promise of speed or size: `npm run bench -- pull [--json]`. What is measured goes to stdout, progress to
 * stderr. Exit codes: 0 measured, whether or not the goals are met; 1 it went wrong; 2 there is no such bench.
 */
const benches: Readonly<Record<string, Bench>> = { pull, limits, queue, waiting, reader, large, marketplaces, adverts }

const list = Object.entries(benches).map(([name, { about }]) => `  ${name.padEnd(12)} ${about}`)
const usage = `npm run bench -- <name> [--json]\n\n${list.join('\n')}\n`

process.exitCode = await run(process.argv.slice(2))

async function run(args: string[]): Promise<number> {
  const wish = read(args)
  if (!wish.bench) return refuse(`${wish.why}\n\n${usage}`)
  try {
    const figures = await wish.bench.measure(line => void process.stderr.write(`${line}\n`))
    process.stdout.write(wish.json ? printLine(wish.name, figures) : printTable(figures))
    return 0
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
    return 1
  }
}

type Wish = { name: string; bench: Bench; json: boolean } | { bench: undefined; why: string }

function read(args: string[]): Wish {
  try {
    const { values, positionals } = parseArgs({ args, options: { json: { type: 'boolean' } }, allowPositionals: true })
    const [name, ...more] = positionals
    if (name === undefined || more.length > 0) return { bench: undefined, why: 'Name one bench.' }
    if (!Object.hasOwn(benches, name)) return { bench: undefined, why: `There is no bench "${name}".` }
    return { name, bench: benches[name]!, json: values.json ?? false }
  } catch (error) {
    return { bench: undefined, why: (error as Error).message }
  }
}

function refuse(message: string): number {
  process.stderr.write(message)
  return 2
}
