import { expect, test } from 'vitest'
import { Throttled, Transient } from '../core/failure.ts'
import type { Fetch } from './fetch.ts'
import { type Gate, learn, limit } from './limit.ts'

const noon = new Date('2026-03-01T12:00:00Z')
const request = new Request('http://api.example/')
const throttled = new Throttled('orders', noon, 'used up')

/** A gate that writes down what happens to it; `refusal` is what it says to whoever comes. */
function setup(fetch: Fetch, refusal?: Error) {
  const log: string[] = []
  const gate: Gate = {
    acquire: async () => {
      log.push('acquire')
      if (refusal !== undefined) throw refusal
    },
    learn: async ({ status }) => void log.push(`learn ${status}`),
    close: async (until, reason) => void log.push(`close ${until.toISOString()} ${reason}`),
  }
  const wire: Fetch = async (...question) => {
    log.push('send')
    return await fetch(...question)
  }
  return { log, fetch: limit(learn(wire, gate), gate) }
}

test('the gate is asked before the request is sent, and learns from the answer', async () => {
  const { log, fetch } = setup(async () => new Response('', { status: 429 }))
  await fetch(request)
  expect(log).toEqual(['acquire', 'send', 'learn 429'])
})

test('a refusal of the gate passes; nothing is sent and nothing closed', async () => {
  const { log, fetch } = setup(async () => new Response(), throttled)
  await expect(fetch(request)).rejects.toBe(throttled)
  expect(log).toEqual(['acquire'])
})

test('a throttle of the vendor closes the gate for everybody and passes', async () => {
  const { log, fetch } = setup(async () => Promise.reject(throttled))
  await expect(fetch(request)).rejects.toBe(throttled)
  expect(log).toEqual(['acquire', 'send', 'close 2026-03-01T12:00:00.000Z used up'])
})

test('other failures close nothing and teach nothing', async () => {
  const error = new Transient('vendor-cut', 'cut')
  const { log, fetch } = setup(async () => Promise.reject(error))
  await expect(fetch(request)).rejects.toBe(error)
  expect(log).toEqual(['acquire', 'send'])
})

test('the gate can be left by an abort while it makes us wait', async () => {
  const abort = new AbortController()
  const acquire = (signal?: AbortSignal) =>
    new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const fetch = limit(async () => expect.fail('sent'), { acquire, learn: async () => {}, close: async () => {} })
  const answer = fetch(new Request('http://api.example/', { signal: abort.signal }))
  abort.abort(new Error('stop'))
  await expect(answer).rejects.toThrow('stop')
})
