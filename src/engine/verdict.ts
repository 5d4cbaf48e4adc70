import { rangeText, subtract } from '../core/range.ts'
import { type Run, type Slice, sliceText, standing } from '../core/run.ts'
import { isRanged } from '../core/stream.ts'
import { raise, resolve } from '../db/alerts.ts'
import { dropCheckpoint } from '../db/checkpoints.ts'
import { readCoverage } from '../db/coverage.ts'
import { finishRun } from '../db/held.ts'
import { lift } from '../db/pauses.ts'
import { findingsOf } from '../db/quarantine.ts'
import { planRepair } from '../db/repairs.ts'
import { readRuns } from '../db/runs.ts'
import { markChained } from '../db/schedules.ts'
import { countSkipped } from '../db/skipped.ts'
import type { Transaction } from '../db/store.ts'
import type { Engine } from './engine.ts'
import { endList } from './list.ts'
import { outageKeys } from './outage.ts'
import { unended } from './plan.ts'
import type { Place, Voyage } from './voyage.ts'

/** What a run that has turned its last page lacks, and how it came to nothing where something always came, or had to come. */
type Verdict = { lacks: string[]; empty: string | undefined }

/**
 * Ends a run that has turned its last page. Green means proven: it is a success only when nothing lacks of what it planned
 * and no record was left out (P4).
 */
export async function conclude(engine: Engine, voyage: Voyage, place: Place): Promise<void> {
  const { run, slice } = voyage
  const ended = await engine.store.transaction(async tx => {
    const [now] = await readRuns(tx, [run.id])
    const judged = await judge(tx, voyage, now!, place)
    const verdict = { ...judged, empty: place.warning ?? judged.empty }
    const partial = partialText(now!, verdict.lacks)
    const state = partial ? ('partial' as const) : ('success' as const)
    const warning = partial ?? verdict.empty
    const findings = now!.quarantined > 0 ? await findingsOf(tx, slice, run.id) : []
    const end = { state, findings, ...(warning ? { warning } : {}) }
    const isOurs = await finishRun(tx, run, end)
    if (isOurs) await tidy(tx, voyage, now!, verdict)
    if (isOurs) await markChained(tx, slice)
    if (isOurs && isToRepair(voyage, verdict)) await planRepair(tx, slice, now!)
    return isOurs ? { ...now!, state, warning: warning ?? null } : undefined
  })
  if (ended) engine.log(ended.warning ? 'warn' : 'info', endText(ended, slice), sliceText(slice))
}

/**
 * A list that is not whole is asked for once more before its next turn. Pages that a chain lacks are asked for again by its next
 * plan, and stretches of time, too.
 */
function isToRepair({ source, run }: Voyage, { lacks }: Verdict): boolean {
  return lacks.length > 0 && source.stream.mode === 'snapshot' && run.span === standing && run.cause !== 'heal'
}

async function judge(tx: Transaction, voyage: Voyage, run: Run, place: Place): Promise<Verdict> {
  const { stream } = voyage.source
  if (isRanged(stream)) return judgeTime(tx, voyage.slice, run)
  if (run.span !== standing) return { lacks: [], empty: undefined }
  const missing = await countSkipped(tx, voyage.slice, run.id)
  const lacks = missing > 0 ? [`${missing} ${missing === 1 ? 'page' : 'pages'} that never came`] : []
  if (stream.mode !== 'snapshot') return { lacks, empty: undefined }
  return endList(tx, voyage, run, place, lacks)
}

async function judgeTime(tx: Transaction, slice: Slice, run: Run): Promise<Verdict> {
  const covered = await readCoverage(tx, slice)
  const lacks = subtract({ from: run.from, to: run.to ?? run.position }, covered)
  const before = covered.some(({ rows }) => rows > 0)
  return { lacks: lacks.map(rangeText), empty: before ? emptyText(run) : undefined }
}

/** Lifts what held before, and raises what holds now. */
async function tidy(tx: Transaction, { slice }: Voyage, run: Run, { lacks, empty }: Verdict): Promise<void> {
  const key = JSON.stringify(slice)
  await lift(tx, slice, run.cause === 'sync' ? 'with its stream' : 'alone')
  if (lacks.length === 0 && run.span !== standing) await dropCheckpoint(tx, slice, run.span)
  const isWhole = (await unended(tx, slice)).length === 0
  const over = [
    `run ${key}`,
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

function partialText({ quarantined }: Run, lacks: readonly string[]): string | undefined {
  const reasons = [
    quarantined > 0 ? `${quarantined} records are in quarantine` : '',
    lacks.length > 0 ? `not covered: ${lacks.join(', ')}` : '',
  ].filter(reason => reason !== '')
  return reasons.length > 0 ? reasons.join('; ') : undefined
}

function endText({ state, records, inserted, changed, warning, notice }: Run, slice: Slice): string {
  const rows = `${records} records, ${inserted} new rows, ${changed} changed`
  return `${sliceText(slice)}: ${state}, ${rows}${warning ? ` (${warning})` : ''}${notice ? `; ${notice}` : ''}`
}
