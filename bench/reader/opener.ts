import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { keepSmall } from '../../bin/heap.js'
import { drain, type Pieces, textOf } from '../../src/http/body.ts'
import { openBody } from '../../src/http/read/open.ts'
import { transport } from '../../src/http/transport.ts'

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
process.disconnect()

async function measure(read: (pieces: Pieces) => Promise<number>): Promise<Read> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const heart = heartbeat()
  delay.enable()
  const start = performance.now()
  const records = await read(pieces)
  const seconds = (performance.now() - start) / 1000
  await new Promise(done => setTimeout(done, 50))
  delay.disable()
  const { late, busy } = heart.stop()
  return { records, seconds, longestBlockMs: Math.max(delay.max / 1e6, late), busyBlockMs: busy, rssMb: peakMb() }
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

/**
 * Beats every 5 ms. `late` is the longest time by which a beat came too late, `busy` the most processor time of this
 * thread between two beats, both in ms.
 */
function heartbeat(): { stop(): { late: number; busy: number } } {
  let [late, last, busy, spent] = [0, performance.now(), 0, spentMs()]
  const timer = setInterval(() => {
    const [now, nowSpent] = [performance.now(), spentMs()]
    late = Math.max(late, now - last - 5)
    busy = Math.max(busy, nowSpent - spent)
    last = now
    spent = nowSpent
  }, 5)
  return {
    stop: () => {
      clearInterval(timer)
      return { late, busy }
    },
  }
}

/** The processor time of this thread. */
function spentMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The most memory this process ever held. Linux says it of this process alone; `maxRSS` may count its parent's. */
function peakMb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))!
  return Number(kilobytes) / 1024
}
