import { expect, test } from 'vitest'
import { BadPage } from '../core/failure.ts'
import type { Engine } from './engine.ts'
import { openLeg } from './legs.ts'
import type { Opened } from './line.ts'
import { turnPages } from './pages.ts'
import type { Voyage } from './voyage.ts'

/** A voyage whose answers the reader holds, as far as it comes before anything is committed. */
function setup(parse: () => unknown) {
  const held = { opened: 0, closed: 0 }
  const now = new Date('2026-03-01T12:00:00Z')
  const line = async () => {
    held.opened++
    const body: Opened = { count: 0, async *chunks() {}, close: () => void held.closed++ }
    return { answer: { at: now }, body }
  }
  const stream = { mode: 'chain', request: () => ({ path: '/' }), parse }
  const slice = { connector: 'depot', account: 'main', stream: 'journal', part: {} }
  const place = { cursor: { after: 1 }, subjects: [], position: now, legs: [openLeg(now)], now, records: 0, broken: 0 }
  const voyage = { source: { stream }, slice, run: { span: 'now' }, table: { own: new Set() }, line, place }
  const engine = { clock: { now: async () => now, pass: async () => undefined } }
  const turned = turnPages(engine as unknown as Engine, voyage as unknown as Voyage, new AbortController().signal)
  return { held, turned }
}

test('an answer that its connector refuses is put away by the reader, each time it is asked for', async () => {
  const { held, turned } = setup(() => {
    throw new BadPage('bad-page', 'the answer is not the documented one')
  })
  await expect(turned).rejects.toMatchObject({ code: 'bad-page' })
  expect(held).toEqual({ opened: 4, closed: 4 })
})

test('an answer that leads nowhere is put away by the reader', async () => {
  const { held, turned } = setup(() => ({ next: { after: 1 }, done: false }))
  await expect(turned).rejects.toMatchObject({ code: 'stuck-cursor' })
  expect(held).toEqual({ opened: 1, closed: 1 })
})
