import type { App } from '../app/app.ts'
import { Misuse } from '../core/failure.ts'
import type { Unmapped } from '../core/origin.ts'
import { isDerived } from '../core/stream.ts'
import { readUnmapped, type Word } from '../db/unmapped.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { counted, table } from './text.ts'

type Options = Common & { limit?: string; all?: boolean; account?: string }

/** A stream that says where its unmapped values are told. */
type Teller = { stream: string; unmapped: Unmapped }

/** `sluice normalize [stream] --unmapped`: the values that no dictionary has, the most frequent first. No rows are made. */
export function listUnmapped(name: string | undefined, options: Options): Promise<ExitCode> {
  const { limit = '20', all, account } = options
  const most = Number(limit)
  if (!Number.isInteger(most) || most < 1) throw new Misuse('bad-flag', `--limit ${limit} is no whole number above 0`)
  if (all) throw new Misuse('bad-flag', '--unmapped only lists, and --all makes rows; leave one of them out')
  if (account !== undefined)
    throw new Misuse('bad-flag', '--unmapped counts the rows of all accounts together; leave out --account')
  return withApp(options, async (app, screen) => {
    const tellers = tellersOf(app, name)
    const found = await Promise.all(
      tellers.map(async ({ stream, unmapped }) => ({ stream, ...(await readUnmapped(app.store, unmapped, most)) })),
    )
    const words = found.flatMap(({ stream, words }) => words.map(word => ({ stream, ...word })))
    const total = found.reduce((sum, { all }) => sum + all, 0)
    const first = words.toSorted((one, other) => other.times - one.times).slice(0, most)
    if (screen.json) printJson(screen, { total, values: first })
    else print(screen, tellers, first, total)
    return 0
  })
}

function print(
  screen: Screen,
  tellers: readonly Teller[],
  words: readonly (Word & { stream: string })[],
  total: number,
) {
  const names = tellers.map(({ stream }) => stream).join(', ')
  if (total === 0) return screen.out(`Nothing is unmapped: all that ${names} has dealt with is in its dictionaries.`)
  const rows = words.map(({ stream, field, value, times }) => [stream, field, value, counted(times)])
  screen.out(table(['stream', 'field', 'value', ' times'], rows))
  if (words.length < total)
    screen.out(`${counted(words.length)} of ${counted(total)}; for all of them: --limit ${total}`)
}

function tellersOf({ connectors }: App, name: string | undefined): Teller[] {
  const streams = connectors.flatMap(connector =>
    connector.streams.filter(isDerived).map(({ name: own, unmapped }) => {
      return { connector: connector.name, stream: `${connector.name}.${own}`, unmapped }
    }),
  )
  const wanted = streams.filter(each => name === undefined || name === each.stream || name === each.connector)
  const tell = (those: typeof streams) =>
    those.flatMap(({ stream, unmapped }) => (unmapped ? [{ stream, unmapped }] : []))
  const found = tell(wanted)
  if (found.length > 0) return found
  const others = tell(streams).map(({ stream }) => stream)
  const list = others.length > 0 ? `those that do: ${others.join(', ')}` : 'no stream here does'
  throw new Misuse('unknown-stream', `${name ? `"${name}"` : 'Nothing here'} does not tell unmapped values; ${list}`)
}
