import { milliseconds } from '../core/duration.ts'
import { type Run, type Slice, sliceOfRun, sliceText } from '../core/run.ts'
import { type Source, sourceOf } from '../core/source.ts'
import { takeCheckpoint } from '../db/checkpoints.ts'
import { suspectAsks } from '../db/orphans.ts'
import { makePartitions } from '../db/partitions.ts'
import type { Store } from '../db/store.ts'
import { describe } from '../db/table.ts'
import type { Engine } from './engine.ts'
import { legsOf } from './legs.ts'
import { lineOf, type Terms } from './line.ts'
import type { Place, Voyage } from './voyage.ts'

/** How far partitions are made beyond the present, so that a long run does not meet the end of the month. */
const ahead = milliseconds('45d')

/**
 * Prepares a claimed run, whose part must be one of its stream: its table, its partitions, its line to the vendor, and the
 * checkpoint under its own name.
 */
export async function begin(engine: Engine, run: Run): Promise<Voyage> {
  const { store, clock, sources } = engine
  const source = sourceOf(sources, run)
  const { stream } = source
  stream.part.parse(run.part)
  const slice = sliceOfRun(run)
  const now = await clock.now()
  const table = await describe(store, stream)
  if (stream.partition) {
    const end = run.to ?? new Date(now.getTime() + ahead)
    await makePartitions(store, stream.table, stream.partition.by, { from: run.position, to: end })
  }
  return {
    run,
    source,
    slice,
    table,
    counted: { table: stream.table, time: stream.time },
    line: lineOf(engine, source, termsOf(store, run, source, slice)),
    place: { ...(await takePlace(store, source, slice, run)), now },
  }
}

function termsOf(store: Store, run: Run, { stream, options }: Source, slice: Slice): Terms {
  const asks = run.deaths > 0 ? () => suspectAsks(store, run.id, run.worker!) : undefined
  return { who: sliceText(slice), costs: stream.limit, retries: stream.retry(options), priority: run.priority, asks }
}

/** Takes the checkpoint under the run's name. Its cursor holds where coverage has not changed the course since. */
async function takePlace(store: Store, { stream }: Source, slice: Slice, run: Run): Promise<Omit<Place, 'now'>> {
  const { span, id, from, to, position } = run
  const checkpoint = await takeCheckpoint(store, slice, { span, run: id, worker: run.worker!, from, to, position })
  const legs = await legsOf(store, slice, run, checkpoint.position)
  const start = legs[0]?.from ?? checkpoint.position
  const isOnCourse = checkpoint.cursor !== null && start.getTime() === checkpoint.position.getTime()
  const cursor = isOnCourse ? checkpoint.cursor : stream.start({ from: start, part: slice.part })
  return { cursor: stream.cursor.parse(cursor), position: start, legs, version: checkpoint.version }
}
