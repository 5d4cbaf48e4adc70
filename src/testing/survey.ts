import type { z } from 'zod'
import type { Answer, Ask } from '../core/ask.ts'
import type { Reading } from '../core/page.ts'
import type { Part } from '../core/part.ts'
import type { Run } from '../core/run.ts'
import type { PullStream, Subject } from '../core/stream.ts'
import { type Catalogued, lookUp } from '../db/catalogue.ts'
import type { Store } from '../db/store.ts'
import { describe, type Table } from '../db/table.ts'
import type { Ground } from './ground.ts'
import type { Wishes, World } from './world.ts'

/** What a step of a stream is told beside the cursor. */
type At = { part: Part; to: Date; options: Record<string, unknown>; rows: readonly Subject[] }

/** What `row` is told beside the record. */
type Beside = Parameters<PullStream['row']>[1]

/** One record on its way: as the vendor sent it, less what is forgotten; as its schema read it; as the row that was made of it. */
export type Seen = { record: unknown; parsed?: unknown; beside?: Beside; row?: Record<string, unknown> }

/** One page: the question and when it was asked (each a ms after the one before), the answer, what `parse` made of it, and its records. */
export type Visit = {
  cursor: unknown
  at: At
  ask: Ask
  asked: Date
  answer: Answer
  page: Reading<unknown> & { records?: readonly unknown[] }
  seen: Seen[]
}

/**
 * What a stream showed in one crawl, and its table after it: as the catalogue has it, and as the engine describes it or why it
 * does not. Of a table that is not there, there is nothing.
 */
export type Sight = {
  stream: PullStream
  visits: readonly Visit[]
  runs: readonly Run[]
  contents: readonly string[]
  table?: Catalogued | undefined
  described?: Table
  mismatch?: Error
}

/** What one whole crawl showed, by the name of the stream. */
export type Survey = ReadonlyMap<string, Sight>

/** What it takes: the streams, and a world to collect them in. */
type Surveyor = Pick<Ground, 'connector' | 'streams'> & {
  within<T>(wishes: Wishes, work: (world: World) => Promise<T>): Promise<T>
}

/** Collects every stream once, with the engine as users have it, and writes down what each step was given and gave. */
export function survey({ connector, streams, within }: Surveyor): Promise<Survey> {
  const diaries = new Map(connector.streams.map(({ name }) => [name, [] as Visit[]]))
  let time = () => 0
  const stream = (each: PullStream) => watched(each, diaries.get(each.name)!, () => new Date(time()))
  return within({ stream }, async world => {
    time = world.clock.time
    const sights = new Map<string, Sight>()
    for (const each of streams) {
      for (const visits of diaries.values()) visits.length = 0
      const runs = await world.crawl(each)
      const table = await tableOf(world.store, each)
      const contents = table.table ? await world.contents(each.table) : []
      sights.set(each.name, { stream: each, visits: [...diaries.get(each.name)!], runs, contents, ...table })
      await world.empty('everything')
    }
    return sights
  })
}

async function tableOf(store: Store, stream: PullStream): Promise<Pick<Sight, 'table' | 'described' | 'mismatch'>> {
  const table = await lookUp(store, stream.table)
  if (!table) return {}
  try {
    return { table, described: await describe(store, stream) }
  } catch (mismatch) {
    return { table, mismatch: mismatch as Error }
  }
}

/** The stream with every step as it is, and a diary of it. */
function watched(stream: PullStream, visits: Visit[], now: () => Date): PullStream {
  let asking: Pick<Visit, 'cursor' | 'at' | 'ask' | 'asked'> | undefined
  const seen = () => visits.at(-1)?.seen ?? []
  return {
    ...stream,
    request: (cursor, at) => {
      const ask = stream.request(cursor, at)
      asking = { cursor, at, ask, asked: new Date(now().getTime() + visits.length) }
      return ask
    },
    parse: (answer: Answer, cursor: unknown, at: At) => {
      const kept = { ...answer, json: structuredClone(answer.json) }
      const page = stream.parse(answer, cursor, at)
      visits.push({ ...asking!, answer: kept, page: { ...page }, seen: [] })
      return page as never
    },
    record: watchedSchema(stream.record, record => void seen().push(record)),
    row: (record, beside) => {
      const row = stream.row(record, beside)
      const mine = seen().findLast(each => each.parsed === record)
      if (mine) Object.assign(mine, { beside, row: { ...row } })
      return row
    },
  }
}

/** A schema that tells of what it reads. */
function watchedSchema(schema: z.ZodType, tell: (seen: Seen) => void): z.ZodType {
  const safeParse = (given: unknown) => {
    const result = schema.safeParse(given)
    tell(result.success ? { record: given, parsed: result.data } : { record: given })
    return result
  }
  return { safeParse, parse: (given: unknown) => schema.parse(given) } as unknown as z.ZodType
}
