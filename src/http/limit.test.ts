import { expect, test } from 'vitest'
import { Rejected, Throttled, Transient } from '../core/failure.ts'
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
    close: async (until, reason, limit = '') => void log.push(`close ${until.toISOString()} ${reason} ${limit}`.trim()),
    failed: async reason => void log.push(`failed ${reason}`),
    answered: async () => void log.push('answered'),
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
  expect(log).toEqual(['acquire', 'send', 'learn 429', 'answered'])
})

test('a refusal of the gate passes; nothing is sent and nothing closed', async () => {
  const { log, fetch } = setup(async () => new Response(), throttled)
  await expect(fetch(request)).rejects.toBe(throttled)
  expect(log).toEqual(['acquire'])
})

test('a throttle of the vendor closes the gate for everybody and passes', async () => {
  const { log, fetch } = setup(async () => Promise.reject(throttled))
  await expect(fetch(request)).rejects.toBe(throttled)
  expect(log).toEqual(['acquire', 'send', 'close 2026-03-01T12:00:00.000Z used up', 'answered'])
})

test('a throttle that names one of several limits closes that one', async () => {
  const named = new Throttled('orders', noon, 'used up', 'changes')
  const { log, fetch } = setup(async () => Promise.reject(named))
  await expect(fetch(request)).rejects.toBe(named)
  expect(log).toContain('close 2026-03-01T12:00:00.000Z used up changes')
})

test('a try that comes to nothing is told, and closes and teaches nothing', async () => {
  const error = new Transient('vendor-cut', 'cut')
  const { log, fetch } = setup(async () => Promise.reject(error))
  await expect(fetch(request)).rejects.toBe(error)
  expect(log).toEqual(['acquire', 'send', 'failed cut'])
})

test('a no is an answer', async () => {
  const error = new Rejected('vendor-rejected', 'no such symbol')
  const { log, fetch } = setup(async () => Promise.reject(error))
  await expect(fetch(request)).rejects.toBe(error)
  expect(log).toEqual(['acquire', 'send', 'answered'])
})

test('the gate can be left by an abort while it makes us wait', async () => {
  const abort = new AbortController()
  const acquire = (signal?: AbortSignal) =>
    new Promise<void>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  const nothing = async () => {}
  const rest = { learn: nothing, close: nothing, failed: nothing, answered: nothing }
  const fetch = limit(async () => expect.fail('sent'), { acquire, ...rest })
  const answer = fetch(new Request('http://api.example/', { signal: abort.signal }))
  abort.abort(new Error('stop'))
  await expect(answer).rejects.toThrow('stop')
})
