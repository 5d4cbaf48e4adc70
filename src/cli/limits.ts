import { setTimeout as sleep } from 'node:timers/promises'
import type { App } from '../app/app.ts'
import { type OpenLimits, openLimits } from '../app/limits.ts'
import type { Bucket } from '../core/limits.ts'
import { readWaiting, type Waiting } from '../db/waiting.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { onStop } from './stop.ts'
import { clockTime, counted, span, table } from './text.ts'

type Options = Common & { watch?: boolean }

/** How often `--watch` looks, in ms. */
const beat = 1_000

/** `sluice limits`: every bucket as it stands, who waits for it, and what the last hour has used of what it was allowed. */
export function limits({ watch = false, ...options }: Options): Promise<ExitCode> {
  return withApp(options, async (app, screen) => {
    const open = await openLimits(app, app.store)
    try {
      if (watch) await keepShowing(app, open, screen)
      else await show(app, open, screen)
    } finally {
      await open.close()
    }
    return 0
  })
}

async function keepShowing(app: App, open: OpenLimits, screen: Screen): Promise<void> {
  const stopped = new AbortController()
  const stopping = onStop(async () => stopped.abort())
  while (!stopped.signal.aborted) {
    if (!screen.json && process.stdout.isTTY) screen.out('\u001b[2J\u001b[H')
    await show(app, open, screen)
    await sleep(beat, undefined, { signal: stopped.signal }).catch(() => undefined)
  }
  stopping.end()
}

async function show({ store, clock }: App, { limits }: OpenLimits, screen: Screen): Promise<void> {
  const [buckets, waiting, now] = await Promise.all([limits.list(), readWaiting(store), clock.now()])
  const told = buckets
    .filter(isWorthTelling)
    .map(bucket => ({ ...bucket, runs: waiting.filter(each => isOf(each, bucket)) }))
  if (screen.json) return printJson(screen, { now, store: limits.where, buckets: told })
  if (told.length === 0) return screen.out('Nothing has been spent yet; a limit is known from the first question on.')
  const headings = ['bucket', ' used', ' last hour', 'state', 'waiting runs']
  screen.out(table(headings, told.map(rowOf)))
  screen.out(`Kept in ${limits.where}.`)
}

/** A circuit that is as it should be is nothing to look at. */
function isWorthTelling({ kind, failures }: Bucket): boolean {
  return kind !== 'circuit' || failures > 0
}

/** A run that the vendor itself refused waits for all buckets that its question was paid from. */
function isOf({ bucket }: Waiting, each: Bucket): boolean {
  return bucket.split(' + ').includes(each.bucket)
}

type Told = Bucket & { runs: Waiting[] }

function rowOf(bucket: Told): string[] {
  const { kind, hour, allowed } = bucket
  if (kind === 'circuit') return [bucket.bucket, '', '', stateOf(bucket), waitingText(bucket)]
  const share = allowed > 0 ? ` (${((100 * hour) / allowed).toFixed(1)}%)` : ''
  const lately = `${counted(hour)} / ${counted(allowed)}${share}`
  return [bucket.bucket, usedText(bucket), lately, stateOf(bucket), waitingText(bucket)]
}

function usedText({ kind, used, ceiling, burst, every }: Told): string {
  const rule = `${counted(ceiling)} per ${span(every)}`
  return kind === 'fixed' ? `${counted(used)} / ${rule}` : `${counted(used)} / ${counted(burst)} at once, ${rule}`
}

function stateOf({ kind, closedUntil, note, slow, slowUntil, failures }: Told): string {
  const states = [
    closedUntil ? `closed until ${clockTime(closedUntil)}: ${note}` : '',
    slowUntil ? `${slow} times slower until ${clockTime(slowUntil)}` : '',
    kind === 'circuit' && failures > 0 && !closedUntil ? `${failures} tries in a row came to nothing` : '',
  ].filter(state => state !== '')
  return states.join('; ') || 'open'
}

/** Who waits, by priority, and when the first and the last of them go on. */
function waitingText({ runs }: Told): string {
  const texts = runs.map(({ priority, runs, first, last }) => {
    const until = first.getTime() === last.getTime() ? '' : ` to ${clockTime(last)}`
    return `${runs} ${priority}, from ${clockTime(first)}${until}`
  })
  return texts.join('; ') || '-'
}
