import { type Range, rangeText, subtract } from '../core/range.ts'
import { type Run, type Slice, sliceText, standing } from '../core/run.ts'
import { raise, resolve } from '../db/alerts.ts'
import { dropCheckpoint } from '../db/checkpoints.ts'
import { type Covered, readCoverage } from '../db/coverage.ts'
import { lift } from '../db/pauses.ts'
import { finishRun, readRuns } from '../db/runs.ts'
import { markChained } from '../db/schedules.ts'
import type { Transaction } from '../db/store.ts'
import type { Engine } from './engine.ts'
import { outageKeys } from './outage.ts'
import { unended } from './plan.ts'
import { limitsAway } from './trouble.ts'
import type { Voyage } from './voyage.ts'

/** What can be said of a run that has turned its last page. */
type Verdict = { state: 'success' | 'partial'; lacks: Range[]; partial: string | undefined; empty: string | undefined }

/**
 * Ends a run that has turned its last page. Green means proven: it is a success only when coverage lacks nothing of what
 * it planned and no record was left out (P4).
 */
export async function conclude(engine: Engine, { run, slice }: Voyage): Promise<void> {
  const ended = await engine.store.transaction(async tx => {
    const [now] = await readRuns(tx, [run.id])
    const verdict = judge(now!, await readCoverage(tx, slice))
    const warning = verdict.partial ?? verdict.empty
    const isOurs = await finishRun(tx, run.id, engine.worker, { state: verdict.state, ...(warning ? { warning } : {}) })
    if (isOurs) await tidy(tx, run, slice, verdict)
    if (isOurs) await markChained(tx, slice)
    return isOurs ? { ...now!, state: verdict.state, warning: warning ?? null } : undefined
  })
  if (ended) engine.log(ended.warning ? 'warn' : 'info', endText(ended, slice), sliceText(slice))
}

function judge(run: Run, covered: readonly Covered[]): Verdict {
  const lacks = subtract({ from: run.from, to: run.to ?? run.position }, covered)
  const partial = partialText(run, lacks)
  const before = covered.some(({ rows }) => rows > 0)
  return { state: partial ? 'partial' : 'success', lacks, partial, empty: before ? emptyText(run) : undefined }
}

/** Lifts what held before, and raises what holds now. */
async function tidy(tx: Transaction, run: Run, slice: Slice, { lacks, empty }: Verdict): Promise<void> {
  const key = JSON.stringify(slice)
  await lift(tx, slice, run.cause === 'sync' ? 'with its stream' : 'alone')
  if (lacks.length === 0 && run.span !== standing) await dropCheckpoint(tx, slice, run.span)
  const isWhole = (await unended(tx, slice)).length === 0
  const over = [
    `run ${key}`,
    limitsAway.key,
    ...outageKeys,
    ...(isWhole ? [`lost-rows ${key}`] : []),
    ...(empty ? [] : [`empty ${key}`]),
  ]
  await resolve(tx, ...over)
  if (!empty) return
  await raise(tx, {
    key: `empty ${key}`,
    level: 'warning',
    code: 'empty',
    message: `${sliceText(slice)}: ${empty}`,
    slice,
  })
}

/** Time went by and nothing came, where something always came before. A second look at a hole expects nothing else. */
function emptyText({ records, cause, from, position }: Run): string | undefined {
  if (records > 0 || position <= from || cause === 'heal') return undefined
  return `the vendor had nothing between ${from.toISOString()} and ${position.toISOString()}, and it had rows before`
}

function partialText({ quarantined }: Run, lacks: readonly Range[]): string | undefined {
  const reasons = [
    quarantined > 0 ? `${quarantined} records are in quarantine` : '',
    lacks.length > 0 ? `not covered: ${lacks.map(rangeText).join(', ')}` : '',
  ].filter(reason => reason !== '')
  return reasons.length > 0 ? reasons.join('; ') : undefined
}

function endText({ state, records, inserted, changed, warning }: Run, slice: Slice): string {
  const rows = `${records} records, ${inserted} new rows, ${changed} changed`
  return `${sliceText(slice)}: ${state}, ${rows}${warning ? ` (${warning})` : ''}`
}
