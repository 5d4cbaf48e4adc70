import type { App } from '../app/app.ts'
import { Misuse } from '../core/failure.ts'
import type { Run } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import { isDerived } from '../core/stream.ts'
import { describeOrigin, unflagAll } from '../db/origins.ts'
import { type Common, type ExitCode, flagValues, type StreamFlag, withApp } from './command.ts'
import { chosen, collect, exitCode, report, type Summary } from './sync.ts'
import { counted } from './text.ts'
import { listUnmapped } from './unmapped.ts'

type Options = Common & { all?: boolean; account?: string; unmapped?: boolean; limit?: string } & Record<
    string,
    unknown
  >

/**
 * `sluice normalize [stream]`: makes rows of everything that was collected and not dealt with yet; with `--all`, of everything
 * once more. With `--unmapped` it makes none, and lists what it has no word for. No vendor is asked.
 */
export function normalize(name: string | undefined, options: Options, flags: readonly StreamFlag[]): Promise<ExitCode> {
  if (options.unmapped) return listUnmapped(name, options)
  if (options.limit !== undefined)
    throw new Misuse('bad-flag', '--limit says how many --unmapped lists; add that or leave it out')
  return withApp({ json: options.json ?? false, flags: flagValues(flags, options) }, async (app, screen) => {
    const sources = chosen(app, screen, name, options.account).filter(({ stream }) => isDerived(stream))
    if (sources.length === 0) throw nothingToDo(app, name)
    for (const source of options.all ? sources : []) {
      const rows = await undo(app, source)
      screen.err(`${source.connector.name}.${source.stream.name}: ${counted(rows)} rows are dealt with once more`)
    }
    const undone = await app.clock.now()
    const wishes = sources.map(source => ({ source, parts: source.stream.parts(source.options) }))
    const first = await collect(app, screen, wishes)
    const again = options.all && !first.interrupted && first.runs.some(run => hasPassed(run, undone))
    const summary = again ? joined(first, await collect(app, screen, wishes)) : first
    report(screen, summary)
    return exitCode(summary)
  })
}

async function undo({ store }: App, { stream, account }: Source): Promise<number> {
  if (!isDerived(stream)) return 0
  return unflagAll(store, await describeOrigin(store, stream.from), account)
}

/** Whether a run was under way already: it does not come back to rows that it had passed. */
function hasPassed({ startedAt }: Run, undone: Date): boolean {
  return startedAt !== null && startedAt < undone
}

function joined(one: Summary, other: Summary): Summary {
  return {
    runs: [...one.runs, ...other.runs],
    complete: [...one.complete, ...other.complete],
    overruled: [...one.overruled, ...other.overruled],
    seconds: one.seconds + other.seconds,
    interrupted: other.interrupted,
  }
}

function nothingToDo({ sources }: App, name: string | undefined): Misuse {
  const known = sources.flatMap(({ connector, stream }) =>
    isDerived(stream) ? [`${connector.name}.${stream.name}`] : [],
  )
  const list = known.length > 0 ? `those that do: ${[...new Set(known)].join(', ')}` : 'no stream here does'
  const what = name === undefined ? 'Nothing here makes' : `"${name}" does not make`
  return new Misuse('unknown-stream', `${what} rows out of others; ${list}`)
}
