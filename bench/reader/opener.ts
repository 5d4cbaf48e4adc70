import { keepSmall } from '../../bin/heap.js'
import { drain, type Pieces, textOf } from '../../src/http/body.ts'
import { openBody } from '../../src/http/read/open.ts'
import { transport } from '../../src/http/transport.ts'
import { peakMb, watchLoop } from '../process.ts'

/**
 * What it took to read the answer, from its last byte to the last record. `busyBlockMs`: the longest time for which the
 * main thread itself computed without letting go; `longestBlockMs` has in it what a busy machine took away from it.
 */
export type Read = { records: number; seconds: number; longestBlockMs: number; busyBlockMs: number; rssMb: number }

/**
 * Fetches the answer over the wire and reads it, in a process of its own with the heap that the program has: by the
 * reader, or with a plain `JSON.parse`.
 */
keepSmall()
const [url = '', way = ''] = process.argv.slice(2)
const wire = transport({ maxBytes: 256 * 1024 * 1024 })
const pieces = await drain(await wire.fetch(new Request(url)))
await wire.close()
process.send!(await measure(way === 'reader' ? byReader : plain))

async function measure(read: (pieces: Pieces) => Promise<number>): Promise<Read> {
  const loop = watchLoop()
  const start = performance.now()
  const records = await read(pieces)
  const seconds = (performance.now() - start) / 1000
  await new Promise(done => setTimeout(done, 50))
  const { late, busy } = loop.stop()
  return { records, seconds, longestBlockMs: late, busyBlockMs: busy, rssMb: peakMb() }
}

async function byReader(pieces: Pieces): Promise<number> {
  const opened = await openBody(pieces, { kind: 'json', records: '$.data.items' }, { who: 'bench' })
  let records = 0
  for await (const chunk of opened.chunks()) records += chunk.length
  if (records !== opened.count) throw new Error(`${opened.count} records were counted and ${records} delivered`)
  return records
}

async function plain(pieces: Pieces): Promise<number> {
  return JSON.parse(textOf(pieces)).data.items.length
}
