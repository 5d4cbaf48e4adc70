import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Bench, type Figure, median } from '../bench.ts'
import { forkOnce } from '../fork.ts'
import { serveOrders } from './answer.ts'
import type { Read } from './opener.ts'
import { type Ids, orderCount } from './orders.ts'

const rounds = 5

type Turn = { reader: Read; long: Read; plain: Read }

/**
 * What a large answer costs the process that reads it: 80,000 orders in one body, fetched over loopback HTTP and read in
 * the thread for that, against a plain `JSON.parse` of the same body. Each reading has a process of its own.
 */
export const reader: Bench = {
  about: 'an answer of 80,000 orders read in a worker thread, against JSON.parse: blocking, memory, time',
  measure: async note => {
    const server = await serveOrders()
    try {
      const turns: Turn[] = []
      for (let round = 1; round <= rounds; round++) turns.push(await turn(server, round, note))
      return figures(turns)
    } finally {
      server.close()
    }
  },
}

async function turn(server: Server, round: number, note: (line: string) => void): Promise<Turn> {
  const plain = await readBy('plain', server, 'short')
  const reader = await readBy('reader', server, 'short')
  const long = await readBy('reader', server, 'long')
  note(`round ${round}: plain ${told(plain)}; reader ${told(reader)}; with long ids ${told(long)}`)
  return { plain, reader, long }
}

/** @throws when not every record arrived. */
async function readBy(way: 'reader' | 'plain', server: Server, ids: Ids): Promise<Read> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${ids}`
  const read = await forkOnce<Read>(fileURLToPath(import.meta.resolve('./opener.ts')), [url, way])
  if (read.records !== orderCount) throw new Error(`${read.records} of ${orderCount} orders arrived`)
  return read
}

function told({ seconds, longestBlockMs, busyBlockMs, rssMb }: Read): string {
  const block = `blocks ${longestBlockMs.toFixed(1)} ms (${busyBlockMs.toFixed(1)} busy)`
  return `${seconds.toFixed(2)} s, ${block}, ${rssMb.toFixed(0)} MB`
}

/** What must never be exceeded is told as its worst, what compares as its median. */
function figures(turns: readonly Turn[]): Figure[] {
  const records = orderCount / median(turns.map(({ reader }) => reader.seconds))
  const plain = (of: (read: Read) => number) => Math.max(...turns.map(turn => of(turn.plain)))
  return [
    ...figuresOf(turns, 'reader', '', {
      block: 'longestBlockMs',
      busy: 'busyBlockMs',
      memory: 'rssMb',
      ratio: 'ratio',
    }),
    { title: 'records', value: records, unit: 'records/s', key: 'recordsPerSecond' },
    ...figuresOf(turns, 'long', ', long ids', {
      block: 'longBlockMs',
      busy: 'longBusyMs',
      memory: 'longRssMb',
      ratio: 'longRatio',
    }),
    {
      title: 'longest block of JSON.parse',
      value: plain(read => read.longestBlockMs),
      unit: 'ms',
      key: 'plainBlockMs',
    },
    { title: 'memory of JSON.parse', value: plain(read => read.rssMb), unit: 'MB', key: 'plainRssMb' },
  ]
}

type Keys = Record<'block' | 'busy' | 'memory' | 'ratio', string>

function figuresOf(turns: readonly Turn[], way: 'reader' | 'long', of: string, keys: Keys): Figure[] {
  const worst = (measure: (read: Read) => number) => Math.max(...turns.map(turn => measure(turn[way])))
  const block = { unit: 'ms', goal: { most: 50 } }
  const ratio = median(turns.map(turn => turn[way].seconds / turn.plain.seconds))
  return [
    { title: `longest block${of}`, value: worst(read => read.longestBlockMs), key: keys.block, ...block },
    { title: `of processor time${of}`, value: worst(read => read.busyBlockMs), key: keys.busy, ...block },
    {
      title: `memory (peak RSS)${of}`,
      value: worst(read => read.rssMb),
      unit: 'MB',
      key: keys.memory,
      goal: { most: 250 },
    },
    { title: `time / JSON.parse${of}`, value: ratio, unit: '', key: keys.ratio },
  ]
}
