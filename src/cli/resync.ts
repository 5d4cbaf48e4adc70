import type { App } from '../app/app.ts'
import { Misuse } from '../core/failure.ts'
import type { Part } from '../core/part.ts'
import { type Slice, sliceText } from '../core/run.ts'
import { newborn, type Source, sliceOf } from '../core/source.ts'
import { isDerived } from '../core/stream.ts'
import { prepareNewborn, type Swap, swapNewborn } from '../engine/generation.ts'
import { type ExitCode, flagValues, type StreamFlag, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { chosen, collect, exitCode, jsonOf, type Options, printSummary } from './sync.ts'
import { counted } from './text.ts'

/** What became of one part: the new generation is in use, or why not. */
type Swapped = { slice: Slice } & (Swap | { code: string; message: string })

/**
 * `sluice sync STREAM --resync`: loads a stream anew beside what is in use, and puts it in its place when it is complete and
 * lacks nothing of it. Until then everybody sees what they saw; an interrupted one is gone on with.
 */
export function resync(
  name: string | undefined,
  { acceptFewer = false, ...options }: Options & { acceptFewer?: boolean },
  flags: readonly StreamFlag[],
): Promise<ExitCode> {
  refuseVague(name, options)
  return withApp({ json: options.json ?? false, flags: flagValues(flags, options) }, (app, screen) =>
    renew(app, screen, asking(chosen(app, screen, name, options.account)), acceptFewer),
  )
}

/** Of a whole connector those that ask: what is made of other rows is made again when those have changed. */
function asking(sources: readonly Source[]): readonly Source[] {
  const found = sources.filter(({ stream }) => !isDerived(stream))
  return found.length > 0 ? found : sources
}

async function renew(app: App, screen: Screen, sources: readonly Source[], acceptsFewer: boolean): Promise<ExitCode> {
  const parts = sources.flatMap(source => source.stream.parts(source.options).map(part => ({ source, part })))
  for (const { source, part } of parts) await prepareNewborn(app.store, source, part)
  const wishes = parts.map(({ source, part }) => ({ source: newborn(source), parts: [part] }))
  const summary = await collect(app, screen, wishes)
  if (!screen.json) printSummary(screen, summary)
  const swaps = summary.interrupted ? [] : await swapAll(app, parts, acceptsFewer)
  if (screen.json) printJson(screen, { ...jsonOf(summary), swaps })
  else for (const swap of swaps) print(screen, swap)
  if (swaps.some(swap => 'code' in swap)) return exitCode(summary) === 1 ? 1 : 3
  return exitCode(summary)
}

async function swapAll(app: App, parts: readonly { source: Source; part: Part }[], acceptsFewer: boolean) {
  const swaps: Swapped[] = []
  for (const { source, part } of parts) {
    const slice = sliceOf(source, part)
    try {
      swaps.push({ slice, ...(await swapNewborn(app, source, part, acceptsFewer)) })
    } catch (error) {
      if (!(error instanceof Misuse)) throw error
      swaps.push({ slice, code: error.code, message: error.message })
    }
  }
  return swaps
}

function print(screen: Screen, swap: Swapped): void {
  if ('code' in swap) {
    screen.err(`[WARN] ${swap.message}`)
    return
  }
  const { slice, before, after, lacking, kept } = swap
  const rows = `${counted(after)} rows in place of ${counted(before)}`
  const gone = lacking > 0 ? `, ${counted(lacking)} of which it lacks` : ''
  screen.out(`${sliceText(slice)}: loaded anew, ${rows}${gone}; those that were replaced are kept in ${kept}`)
}

/** @throws Misuse when it is not said which stream, or more is asked than a load anew can be. */
function refuseVague(name: string | undefined, { from, to }: Options): void {
  if (name === undefined)
    throw new Misuse('bad-flag', '--resync wants to know which stream: sluice sync acme.orders --resync')
  if (from !== undefined || to !== undefined)
    throw new Misuse('bad-flag', '--resync loads everything anew; leave out --from and --to')
}
