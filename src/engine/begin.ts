import { accountText } from '../core/account.ts'
import { milliseconds } from '../core/duration.ts'
import { Misuse, Paused } from '../core/failure.ts'
import { withFlags } from '../core/flag.ts'
import { type Run, type Slice, sliceOfRun, sliceText, standing } from '../core/run.ts'
import { type Source, sourceOf } from '../core/source.ts'
import { isRanged, type RangeStream, type Subject } from '../core/stream.ts'
import { wasRemoved } from '../db/accounts.ts'
import { nextBatch } from '../db/batches.ts'
import { type Checkpoint, takeCheckpoint } from '../db/checkpoints.ts'
import { countedOf } from '../db/counts.ts'
import { suspectAsks } from '../db/orphans.ts'
import { makePartitions } from '../db/partitions.ts'
import { pageSpan, readSkipped, unskip } from '../db/skipped.ts'
import type { Store } from '../db/store.ts'
import { describe, type Table } from '../db/table.ts'
import type { Terms } from './client.ts'
import type { Engine } from './engine.ts'
import { first, legsOf, openLeg } from './legs.ts'
import { lineOf } from './line.ts'
import { gone } from './renew.ts'
import type { Course, Voyage } from './voyage.ts'

/** How far partitions are made beyond the present, so that a long run does not meet the end of the month. */
const ahead = milliseconds('45d')

/**
 * Prepares a claimed run, whose part must be one of its stream: its table, its partitions, its line to the vendor, and the
 * checkpoint under its own name. What the flags of its command say goes before the settings here. Whether its account was
 * removed is asked of the database: the sources here may be older.
 */
export async function begin(engine: Engine, run: Run): Promise<Voyage> {
  const { store, clock, sources } = engine
  const { connector, account } = run
  if (await wasRemoved(store, { connector, slug: account })) throw gone(accountText(connector, account))
  const configured = sourceOf(sources, run)
  const { stream, held } = configured
  if (held) throw new Paused(held.code, held.message)
  const source = withFlags(configured, run.flags)
  stream.part.parse(run.part)
  const slice = sliceOfRun(run)
  const now = await clock.now()
  const table = await describe(store, stream)
  refuseMixture(source, table)
  if (isRanged(stream) && stream.partition) {
    const end = run.to ?? new Date(now.getTime() + ahead)
    await makePartitions(store, stream.table, stream.partition.by, { from: run.position, to: end })
  }
  const time = isRanged(stream) ? stream.time : undefined
  const taken = await take(store, source, slice, run, now)
  return {
    ...{ run, source, slice, table },
    counted: countedOf(table, slice.part, slice.account, time),
    line: lineOf(engine, source, termsOf(store, run, source, slice, table)),
    fresh: isRanged(stream) || taken.isFirst,
    place: {
      ...{ ...taken.course, version: taken.version, now },
      ...{ records: run.records, broken: run.quarantined, total: run.total ?? undefined },
    },
  }
}

function termsOf(store: Store, run: Run, { stream, options }: Source, slice: Slice, { own }: Table): Terms {
  const asks = run.deaths > 0 ? () => suspectAsks(store, run) : undefined
  const retries = stream.retry(options)
  return {
    who: sliceText(slice),
    costs: stream.limit,
    retries,
    priority: run.priority,
    asks,
    dated: own.has('asked_at'),
  }
}

/** Rows of several accounts in one table have to say whose they are, or one account's list would end another's rows. */
function refuseMixture({ connector, stream }: Source, { name, own }: Table): void {
  if (!connector.credentials || own.has('account')) return
  throw new Misuse(
    'schema-mismatch',
    `${name} has no column "account" (text), and ${connector.name}.${stream.name} is collected for accounts`,
  )
}

/** A checkpoint that is this run's now, and the course from there. `isFirst`: nothing was ever stored of this part. */
type Taken = { course: Course; version: string; isFirst: boolean }

async function take(store: Store, source: Source, slice: Slice, run: Run, now: Date): Promise<Taken> {
  const { span, from, to, position } = run
  const anew = source.stream.mode === 'snapshot' || span.startsWith(pageSpan)
  const wanted = { span, run, from, to, position, anew }
  const checkpoint = await takeCheckpoint(store, slice, wanted)
  const { stream } = source
  const course = isRanged(stream)
    ? await courseInTime(store, source, stream, run, checkpoint)
    : span === standing
      ? await courseOfPages(store, source, slice, checkpoint, now)
      : await courseOfPage(store, source, slice, run, checkpoint, now)
  return { course, version: checkpoint.version, isFirst: checkpoint.version === '0' }
}

/** The cursor of a checkpoint holds where coverage has not changed the course since. */
async function courseInTime(
  store: Store,
  { options }: Source,
  stream: RangeStream,
  run: Run,
  checkpoint: Checkpoint,
): Promise<Course> {
  const slice = sliceOfRun(run)
  const legs = await legsOf(store, slice, run, checkpoint.position)
  const start = legs[0]?.from ?? checkpoint.position
  const isOnCourse = checkpoint.cursor !== null && start.getTime() === checkpoint.position.getTime()
  const cursor = isOnCourse ? checkpoint.cursor : stream.start({ from: start, part: slice.part, options })
  return { cursor: stream.cursor.parse(cursor), subjects: [], position: start, legs }
}

/** What a checkpoint holds of a stream whose questions are about rows of ours. */
type Saved = { cursor: unknown; subjects: Subject[] }

/** Pages go on where the last run ended; a list begins anew with each run, and so does a round through rows of ours. */
async function courseOfPages(
  store: Store,
  source: Source,
  slice: Slice,
  checkpoint: Checkpoint,
  now: Date,
): Promise<Course> {
  const { stream } = source
  if (stream.mode === 'snapshot' && checkpoint.cursor === null) await unskip(store, slice)
  const beginning = await first(store, { source, slice }, now)
  const course = { position: checkpoint.position, legs: [openLeg(checkpoint.position)] }
  if (!stream.for) return { ...course, cursor: stream.cursor.parse(checkpoint.cursor ?? beginning), subjects: [] }
  const { subjects = [], cursor = null } = (checkpoint.cursor ?? {}) as Partial<Saved>
  if (subjects.length > 0) return { ...course, cursor: stream.cursor.parse(cursor), subjects }
  const batch = await nextBatch(store, slice, stream.for)
  const legs = batch.length > 0 ? course.legs : []
  return { position: now, legs, cursor: stream.cursor.parse(beginning), subjects: batch }
}

/** The one page that a run asks for again, from where it got to with it. */
async function courseOfPage(
  store: Store,
  { stream }: Source,
  slice: Slice,
  run: Run,
  checkpoint: Checkpoint,
  now: Date,
): Promise<Course> {
  const page = (await readSkipped(store, slice)).find(({ span }) => span === run.span)
  const legs = [openLeg(now)]
  if (!page) return { cursor: null, subjects: [], position: now, legs: [] }
  return { cursor: stream.cursor.parse(checkpoint.cursor ?? page.cursor), subjects: [], position: now, legs }
}
