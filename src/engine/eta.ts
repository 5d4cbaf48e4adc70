import { optionsOfRun } from '../core/flag.ts'
import type { Bucket } from '../core/limits.ts'
import { isFinished, type Run } from '../core/run.ts'
import { type Source, sourceOf } from '../core/source.ts'
import { bucketsOf, type Spent } from './buckets.ts'
import { stepsLeft } from './progress.ts'

/**
 * When a load will be done, as far as it can be told.
 *
 * - questions: how many it has still to ask
 * - bucket, ceiling, every: the quota that it takes longest with, and what of that we may use per `every` ms
 * - at: when they will have been asked, given the quota, all loads that share it, and how fast this one has been
 */
export type Eta = { run: string; questions: number; bucket: string; ceiling: number; every: number; at: Date }

/** A load, how many questions it has left, and what they are spent from. */
type Load = { run: Run; questions: number; costs: Spent[] }

type Known = { sources: readonly Source[]; buckets: readonly Bucket[]; egress: string; now: Date }

/**
 * The ends of open runs in terms of quota. Loads that share a bucket take turns: one is done when each of the others has
 * asked as much as it had to, or all it had.
 */
export function etasOf(runs: readonly Run[], known: Known): Eta[] {
  const loads = runs.filter(run => !isFinished(run)).flatMap(run => loadOf(run, known))
  const byBucket = Map.groupBy(
    loads.flatMap(load => load.costs.map(cost => ({ load, cost }))),
    ({ cost }) => cost.bucket,
  )
  return loads.map(load => {
    const waits = load.costs.map(cost => ({ cost, wait: waitOf(load, cost, byBucket.get(cost.bucket)!, known) }))
    const longest = waits.toSorted((a, b) => b.wait - a.wait)[0]!
    const { bucket, terms } = longest.cost
    const wait = Math.max(longest.wait, paceOf(load, known.now) * load.questions)
    const at = new Date(known.now.getTime() + wait)
    return {
      run: load.run.id,
      questions: load.questions,
      bucket,
      ceiling: terms.ceiling,
      every: terms.every / 1000,
      at,
    }
  })
}

/** A load whose end is unknown, that belongs to no stream of ours, or that no quota holds back, is none. */
function loadOf(run: Run, { sources, egress, now }: Known): Load[] {
  const source = sources.find(each => isOf(each, run)) && sourceOf(sources, run)
  const rows = source?.stream.batch?.(optionsOfRun(source, run))
  if (!source || !rows) return []
  const questions = Math.ceil(stepsLeft(run, source.stream, now) / rows)
  const costs = bucketsOf(egress, source, source.stream.limit)
  return questions > 0 && costs.length > 0 ? [{ run, questions, costs }] : []
}

function isOf({ connector, account, stream }: Source, run: Run): boolean {
  return connector.name === run.connector && account === run.account && stream.name === run.stream
}

/** How long the quota of one bucket makes a load wait, in ms. */
function waitOf({ questions }: Load, { bucket, terms, cost }: Spent, all: { load: Load; cost: Spent }[], known: Known) {
  const state = known.buckets.find(each => each.bucket === bucket)
  const units = all.reduce((sum, other) => sum + Math.min(other.load.questions * other.cost.cost, questions * cost), 0)
  const closed = Math.max(0, (state?.closedUntil?.getTime() ?? 0) - known.now.getTime())
  return closed + (units / terms.ceiling) * (terms.every / 1000) * (state?.slow ?? 1)
}

/** How long a question has taken so far, in ms, waits included; 0 when none was asked. */
function paceOf({ run }: Load, now: Date): number {
  return run.pages > 0 && run.startedAt ? (now.getTime() - run.startedAt.getTime()) / run.pages : 0
}
