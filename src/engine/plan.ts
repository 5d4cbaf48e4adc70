import { milliseconds } from '../core/duration.ts'
import { Misuse } from '../core/failure.ts'
import type { Part } from '../core/part.ts'
import type { Priority } from '../core/priority.ts'
import { type Range, rangeText, reach, subtract } from '../core/range.ts'
import { type Cause, type Slice, standing } from '../core/run.ts'
import { type Source, sliceOf } from '../core/source.ts'
import { isRanged, type PullStream, type RangeStream } from '../core/stream.ts'
import { begunSpans, extendBack, readCheckpoint } from '../db/checkpoints.ts'
import { readCoverage } from '../db/coverage.ts'
import { ripeHoles } from '../db/holes.ts'
import type { Token } from '../db/queue.ts'
import { type Plan, planRun } from '../db/runs.ts'
import { ripeSkipped } from '../db/skipped.ts'
import { lockPlans } from '../db/slices.ts'
import type { Sql } from '../db/store.ts'
import type { Engine } from './engine.ts'

/**
 * What somebody wants of a source: all of it up to the present, or a range; only these parts. With cause `sync` somebody asks
 * by hand, and the runs go by the flags of the source.
 */
export type Wish = { source: Source; parts: readonly Part[]; cause: Cause; from?: Date; to?: Date }

/**
 * The runs that will fulfil a wish, and the slices that lack nothing. `followed` are the parts whose standing run was open
 * already.
 */
export type Planned = { runs: string[]; complete: Slice[]; followed: Part[] }

/**
 * Plans what is lacking and nothing more: a range that is covered is not asked for again. A run that is open already is
 * followed, not doubled; it goes on by the flags of whoever asked by hand last. Rows of the plan and its jobs are committed
 * together. Plans of one stream are made one after the other.
 * @throws Misuse when a range is asked for of a stream whose records have no time
 */
export async function plan(engine: Engine, wish: Wish): Promise<Planned> {
  const now = await engine.clock.now()
  return engine.store.transaction(tx => planIn(engine, tx, wish, now))
}

/** The same inside a transaction of the caller's, as of a moment. */
export async function planIn(engine: Engine, tx: Sql, wish: Wish, now: Date): Promise<Planned> {
  const planned: Planned = { runs: [], complete: [], followed: [] }
  const fresh: Token[] = []
  const flags = wish.cause === 'sync' ? (wish.source.flags ?? null) : undefined
  await lockPlans(tx, sliceOf(wish.source, {}))
  for (const part of wish.parts) {
    const slice = sliceOf(wish.source, part)
    const plans = await lacking(tx, slice, wish, now)
    if (plans.length === 0) planned.complete.push(slice)
    for (const each of plans) {
      const run = await planRun(tx, slice, { ...each, flags })
      planned.runs.push(run.id)
      if (run.planned) fresh.push(tokenOf(slice, run.id, each.priority))
      else if (each.span === standing) planned.followed.push(part)
    }
  }
  await engine.queue.send(tx, fresh)
  return planned
}

function tokenOf({ connector, account }: Slice, run: string, priority: Priority): Token {
  return { run, priority, account: `${connector}/${account}` }
}

function lacking(tx: Sql, slice: Slice, wish: Wish, now: Date): Promise<Plan[]> {
  const { source, from, to } = wish
  const { stream } = source
  if (isRanged(stream)) {
    return from || to ? lackingOfRange(tx, slice, stream, wish, now) : lackingToNow(tx, slice, stream, wish, now)
  }
  if (!from && !to) return lackingOfPages(tx, slice, wish, now)
  throw new Misuse(
    'no-range',
    `The records of ${slice.connector}.${slice.stream} have no time by which it could be asked for; leave out --from and --to`,
  )
}

/** What a wished range lacks: ranges begun earlier are gone on with, the rest gets checkpoints of its own. */
async function lackingOfRange(
  tx: Sql,
  slice: Slice,
  stream: RangeStream,
  { source, cause, from, to }: Wish,
  now: Date,
): Promise<Plan[]> {
  const settled = new Date(now.getTime() - milliseconds(stream.settle))
  const end = stream.horizon({ now: settled, part: slice.part })
  const range = { from: from ?? stream.origin(source.options), to: to && to < end ? to : end }
  if (range.from >= range.to) return []
  const begun = (await unended(tx, slice)).filter(each => each.from < range.to && each.to > range.from)
  const rest = subtract(range, [...begun, ...(await readCoverage(tx, slice, range))])
  return plans([...begun, ...rest], cause, priorityOf(stream))
}

/** The standing run, an earlier beginning, ranges that were begun and not ended, and holes that deserve a second look. */
async function lackingToNow(
  tx: Sql,
  slice: Slice,
  stream: RangeStream,
  { source, cause }: Wish,
  now: Date,
): Promise<Plan[]> {
  const origin = stream.origin(source.options)
  const checkpoint = await readCheckpoint(tx, slice, standing)
  const position = checkpoint?.position ?? reach(origin, await readCoverage(tx, slice))
  const priority = priorityOf(stream, !checkpoint)
  const news = stream.horizon({ now, part: slice.part }) > position
  const begun = await unended(tx, slice)
  const before = checkpoint ? await behind(tx, slice, { from: origin, to: checkpoint.position }, begun) : []
  return [
    ...(news ? [{ span: standing, cause, priority, from: position, to: null }] : []),
    ...plans([...begun, ...before], cause, priority),
    ...plans(await ripeHoles(tx, slice), 'heal', 'low'),
  ]
}

/** Of pages and lists nobody knows without asking whether there is news. Pages that were left out are asked for again. */
async function lackingOfPages(tx: Sql, slice: Slice, { source, cause }: Wish, now: Date): Promise<Plan[]> {
  const { stream } = source
  const checkpoint = await readCheckpoint(tx, slice, standing)
  const from = stream.mode === 'snapshot' ? now : (checkpoint?.position ?? now)
  const plan = { span: standing, cause, priority: priorityOf(stream, !checkpoint), from, to: null }
  if (stream.mode === 'snapshot') return [plan]
  const missing = await ripeSkipped(tx, slice)
  return [plan, ...missing.map(({ span }) => ({ span, cause: 'heal', priority: 'low', from: now, to: null }) as const)]
}

/** What lacks behind the standing checkpoint: an earlier beginning that was asked for since, rows that got lost. */
async function behind(tx: Sql, slice: Slice, range: Range, begun: readonly Range[]): Promise<Range[]> {
  const covered = await readCoverage(tx, slice)
  if (subtract(range, covered).length === 0) await extendBack(tx, slice, standing, range)
  return subtract(range, [...begun, ...covered])
}

/** Ranges that have a checkpoint and still lack something. */
export async function unended(tx: Sql, slice: Slice): Promise<Range[]> {
  const spans = (await begunSpans(tx, slice)).filter(span => span.to !== null) as Range[]
  const covered = await readCoverage(tx, slice)
  return spans.filter(span => subtract(span, covered).length > 0)
}

function plans(ranges: readonly Range[], cause: Cause, priority: Priority): Plan[] {
  return ranges.map(({ from, to }) => ({ span: rangeText({ from, to }), cause, priority, from, to }))
}

/** A first load may go before what is looked at again and again. */
function priorityOf({ priority = 'normal' }: Pick<PullStream, 'priority'>, isFirst = false): Priority {
  return typeof priority === 'string' ? priority : isFirst ? priority.initial : priority.usual
}
