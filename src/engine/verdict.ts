import { rangeText, subtract } from '../core/range.ts'
import { type Run, sliceText, standing } from '../core/run.ts'
import { raise, resolve } from '../db/alerts.ts'
import { dropCheckpoint } from '../db/checkpoints.ts'
import { readCoverage } from '../db/coverage.ts'
import { lift } from '../db/pauses.ts'
import { type End, finishRun, readRuns } from '../db/runs.ts'
import type { Voyage } from './begin.ts'
import type { Engine } from './engine.ts'

/**
 * Ends a run that has turned its last page. Green means proven: it is a success only when coverage lacks nothing of what
 * it planned and no record was left out (P4).
 */
export async function conclude(engine: Engine, { run, slice }: Voyage): Promise<void> {
  await engine.store.transaction(async tx => {
    const [now] = await readRuns(tx, [run.id])
    const covered = await readCoverage(tx, slice)
    const lacks = subtract({ from: run.from, to: run.to ?? now!.position }, covered)
    const warning = emptiness(
      now!,
      covered.some(({ rows }) => rows > 0),
    )
    const partial = describePartial(now!, lacks.map(rangeText))
    const end: End = { state: partial ? 'partial' : 'success', ...wordsOf(partial ?? warning) }
    if (!(await finishRun(tx, run.id, engine.worker, end))) return
    if (run.span !== standing && lacks.length === 0) await dropCheckpoint(tx, slice, run.span)
    await lift(tx, slice)
    await resolve(tx, `run ${JSON.stringify(slice)}`)
    if (lacks.length === 0) await resolve(tx, `lost-rows ${JSON.stringify(slice)}`)
    if (!warning) return resolve(tx, `empty ${JSON.stringify(slice)}`)
    await raise(tx, {
      key: `empty ${JSON.stringify(slice)}`,
      level: 'warning',
      code: 'empty',
      message: `${sliceText(slice)}: ${warning}`,
      slice,
    })
  })
}

function wordsOf(warning: string | undefined): Pick<End, 'warning'> {
  return warning ? { warning } : {}
}

/** Time went by and nothing came, where something always came before. */
function emptiness({ records, from, position }: Run, before: boolean): string | undefined {
  if (records > 0 || position <= from || !before) return undefined
  return `the vendor had nothing between ${from.toISOString()} and ${position.toISOString()}, and it had rows before`
}

function describePartial({ quarantined }: Run, lacks: readonly string[]): string | undefined {
  const reasons = [
    quarantined > 0 ? `${quarantined} records are in quarantine` : '',
    lacks.length > 0 ? `not covered: ${lacks.join(', ')}` : '',
  ].filter(reason => reason !== '')
  return reasons.length > 0 ? reasons.join('; ') : undefined
}
