import { isFinished, type Run } from '../core/run.ts'
import { type Source, sourceOf } from '../core/source.ts'
import { isRanged, type PullStream } from '../core/stream.ts'

/**
 * How much of some runs is done, in records. `total` is what the time asked for would hold without a gap; of pages and
 * lists it is what the vendor or the stream has said so far, and what has come where neither has: of an `open` one nobody knows
 * how much is still to come.
 */
export type Progress = { done: number; total: number; open: boolean; waiting: Run[] }

/** Progress as committed: reckoned from positions, so that it survives restarts and counts gaps as passed. */
export function progressOf(runs: readonly Run[], sources: readonly Source[], now: Date): Progress {
  const waiting = runs.filter(run => run.state === 'waiting')
  const progress: Progress = { done: 0, total: 0, open: false, waiting }
  for (const run of runs) {
    const { stream } = sourceOf(sources, run)
    if (!isRanged(stream)) {
      progress.done += run.records
      progress.total += run.records + recordsLeft(run)
      progress.open ||= run.total === null && !isFinished(run)
      continue
    }
    const step = stream.step(run.part)
    const end = run.to ?? (isFinished(run) ? run.position : stream.horizon({ now, part: run.part }))
    const total = steps(run.from, end, step)
    progress.total += total
    progress.done += Math.min(total, steps(run.from, run.position, step))
  }
  return progress
}

/** What has come of pages and lists counts against what was said to come. */
function recordsLeft(run: Run): number {
  return isFinished(run) ? 0 : Math.max(0, (run.total ?? 0) - run.records)
}

/** How many records a run has still to pass, gaps counted as passed; 0 where nobody knows. */
export function stepsLeft(run: Run, stream: PullStream, now: Date): number {
  if (!isRanged(stream)) return recordsLeft(run)
  const { position, to, part } = run
  return steps(position, to ?? stream.horizon({ now, part }), stream.step(part))
}

function steps(from: Date, to: Date, step: number): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / step))
}
