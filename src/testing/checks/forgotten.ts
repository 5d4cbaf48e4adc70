import { z } from 'zod'
import type { PullStream } from '../../core/stream.ts'
import { rowsWith, tablesOf } from '../../db/scratch.ts'
import type { Each } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { nameOf } from '../ground.ts'
import type { Kit } from '../kit.ts'
import { leavesOf } from '../leaves.ts'
import { type Marks, plant } from '../plant.ts'
import { show } from '../show.ts'
import type { World } from '../world.ts'

/** What is forgotten reaches no table, no quarantine, no run, no alert and no log, under no name. */
export const forgotten: Each = {
  says: 'what it forgets is nowhere',
  of: ({ forget = [] }) => forget.length > 0,
  each: async (kit, stream) => {
    const sight = (await kit.survey()).get(stream.name)!
    const fields = stream.forget ?? []
    const known = new Set(sight.visits.flatMap(({ seen }) => seen.map(({ record }) => JSON.stringify(record))))
    const marks: Marks = new Map()
    const alter = (text: string, call: { stream: string }) =>
      call.stream === stream.name ? plant(text, fields, known, marks) : text
    const refuse = { every: false }
    return kit.within(
      { alter, stream: each => (each.name === stream.name ? fussy(each, refuse) : each) },
      async world => {
        await world.crawl(stream)
        if (marks.size === 0) return world.calls.some(call => call.binary) ? hidden(kit, stream) : [unseen(kit, stream)]
        const flaws = await found(kit, world, stream, marks)
        if (flaws.length > 0) return flaws
        refuse.every = true
        await world.empty('everything')
        world.renew()
        await world.crawl(stream)
        return found(kit, world, stream, marks)
      },
    )
  },
}

/** A stream that sends every record to quarantine when it is told to. */
function fussy(stream: PullStream, refuse: { every: boolean }): PullStream {
  const never = z.custom(() => false, 'the kit refuses this record, to look what quarantine keeps of it')
  const schema = { safeParse: (given: unknown) => (refuse.every ? never : stream.record).safeParse(given) }
  return { ...stream, tolerance: () => 1, record: schema as unknown as z.ZodType }
}

async function found(kit: Kit, { store, log }: World, stream: PullStream, marks: Marks): Promise<Flaw[]> {
  const texts = [...marks.values()]
  const places: [string, string][] = []
  for (const table of await tablesOf(store, ['sluice', kit.connector.name])) {
    const [row] = await rowsWith(store, table, texts)
    if (row) places.push([table, whereIn(row, texts)])
  }
  const line = log.find(each => texts.some(text => each.includes(text)))
  if (line) places.push(['the log', show(line)])
  return places.map(([place, where]) => ({
    expected: `${nameOf(kit, stream)}: nothing of ${stream.forget!.join(', ')} reaches ${place}`,
    came: `it is in ${where}`,
    change:
      'the value comes under another name, too: name that in `forget` as well, as it stands in the record (`a.b` is b inside of a)',
  }))
}

/** The field of a row, and of the JSON texts in it, that holds one of these. */
function whereIn(row: string, texts: readonly string[]): string {
  const has = (value: unknown) => texts.some(text => String(value).includes(text))
  const leaf = leavesOf(JSON.parse(row)).find(({ value }) => has(value))
  const text = String(leaf?.value)
  if (!/^[{[]/.test(text)) return `${leaf?.path.join('.')} of ${show(row)}`
  return `${leaf?.path.join('.')}: ${leavesOf(JSON.parse(text))
    .find(({ value }) => has(value))
    ?.path.join('.')}`
}

/** Archives are not taken apart. */
function hidden(kit: Kit, stream: PullStream): Flaw[] {
  kit.warn(
    `${nameOf(kit, stream)}: its records come in an archive; nobody has looked whether what it forgets is nowhere`,
  )
  return []
}

function unseen(kit: Kit, stream: PullStream): Flaw {
  return {
    expected: `records of the imitated vendor have the fields that ${nameOf(kit, stream)} forgets: ${stream.forget!.join(', ')}`,
    came: 'none of them has any, or their values are shorter than four characters',
    change: 'correct the names in `forget`, as they stand in the record, or let the imitated vendor send such fields',
  }
}
