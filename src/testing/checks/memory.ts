import { setImmediate as breathe } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Shown } from '../check.ts'
import { show } from '../show.ts'
import type { Sight, Visit } from '../survey.ts'

/** Growth (MB) that the runtime itself may have over so many records. */
const allowed = 8

/** A process collects for months: what a connector keeps of each record fills its memory in the end. */
export const memory: Shown = {
  says: 'memory stays flat, however many records go through it',
  sight: async (sight, { records }) => {
    const pages = sight.visits.filter(({ seen }) => seen.some(({ row }) => row))
    if (pages.length === 0) return []
    await through(sight, pages, Math.ceil(records / 10))
    const before = await held()
    await through(sight, pages, records)
    const grown = (await held()) - before
    if (grown <= allowed) return []
    const expected = `the heap grows by less than ${allowed} MB over ${show(records)} records of ${sight.stream.name}`
    const change = 'keep nothing outside of the steps: no list, map or cache in a variable of the module'
    return [{ expected, came: `${grown.toFixed(1)} MB`, change }]
  },
}

/** Sends recorded answers through `parse`, the schema and `row`, again and again. */
async function through({ stream }: Sight, pages: readonly Visit[], records: number): Promise<void> {
  for (let [done, nth] = [0, 0]; done < records; nth++) {
    const { answer, cursor, at, seen } = pages[nth % pages.length]!
    stream.parse(answer, cursor, at)
    for (const { record, beside } of seen) {
      const parsed = stream.record.safeParse(record)
      if (parsed.success && beside) stream.row(parsed.data, beside)
    }
    done += seen.length
    if (nth % 100 === 0) await breathe()
  }
}

/** What the heap holds after everything that can be collected was, in MB. */
async function held(): Promise<number> {
  for (let times = 0; times < 3; times++) {
    collect()
    await breathe()
  }
  return process.memoryUsage().heapUsed / 2 ** 20
}

function collect(): void {
  if (globalThis.gc) return void globalThis.gc()
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}
