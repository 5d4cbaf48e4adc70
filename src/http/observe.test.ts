import { expect, test } from 'vitest'
import { Transient } from '../core/failure.ts'
import type { Fetch } from './fetch.ts'
import { mask } from './mask.ts'
import { type Note, observe } from './observe.ts'

const asker = { connector: 'acme', account: 'main', stream: 'orders' }

function setup(fetch: Fetch) {
  const notes: Note[] = []
  return { notes, fetch: observe(fetch, { asker, note: note => notes.push(note), mask: mask() }) }
}

test('an answer is noted once, with its status and length, and passes unchanged', async () => {
  const answer = new Response('hello', { status: 404, headers: { 'content-length': '5' } })
  const { notes, fetch } = setup(async () => answer)
  expect(await fetch(new Request('http://api.example/v1?token=hunter22'))).toBe(answer)
  const ms = expect.any(Number)
  expect(notes).toEqual([
    { ...asker, method: 'GET', url: 'http://api.example/v1?token=***', status: 404, bytes: 5, ms },
  ])
})

test('a failure is noted once, with its code, and passes unchanged', async () => {
  const error = new Transient('vendor-cut', 'cut')
  const { notes, fetch } = setup(async () => Promise.reject(error))
  await expect(fetch(new Request('http://api.example/'))).rejects.toBe(error)
  expect(notes).toMatchObject([{ code: 'vendor-cut', bytes: 0 }])
})

test('an abort and a fault of our own are told apart', async () => {
  const { notes, fetch } = setup(async () => Promise.reject(new RangeError('ours')))
  await expect(fetch(new Request('http://api.example/'))).rejects.toThrow('ours')
  await expect(fetch(new Request('http://api.example/', { signal: AbortSignal.abort() }))).rejects.toThrow('ours')
  expect(notes).toMatchObject([{ code: 'bug' }, { code: 'aborted' }])
})
