import { describe, expect, it } from 'vitest'
import type { Answer } from '../../core/ask.ts'
import { BadPage, Rejected } from '../../core/failure.ts'
import { wildberries } from './index.ts'

const now = new Date('2026-10-20T09:00:00Z')
const streamOf = (name: string) => wildberries.streams.find(stream => stream.name === name)!

/** Asks a stream for a question, and has it read an answer. */
function stepsOf(name: string, rows: object[] = [], options: object = {}) {
  const stream = streamOf(name)
  const at = { part: {}, to: now, options: stream.options.parse(options), rows } as never
  const answer = (json: unknown, more: Partial<Answer>) => ({
    status: 200,
    headers: new Headers(),
    json,
    at: now,
    ...more,
  })
  return {
    start: stream.start({ from: new Date(0), part: {}, options: at } as never),
    ask: (cursor: unknown) => stream.request(cursor as never, at),
    read: (cursor: unknown, json: unknown, more: Partial<Answer> = {}) =>
      stream.parse(answer(json, more) as never, cursor as never, at),
  }
}

describe('the order feed', () => {
  const { start, ask, read } = stepsOf('order_feed', [], { batch_size: 2 })
  const told = (orders: object[]) => ({ data: { snapshotTime: '2026-10-20T09:00:00Z', currency: 'RUB', orders } })
  const since = '2026-09-19T09:10:00.000Z'

  it('begins 31 days ago, without a snapshot', () => {
    expect(ask(start)).toMatchObject({
      json: { selectedPeriod: { start: since }, pagination: { offset: 0, limit: 2 } },
      host: 'analytics',
    })
    expect(read(start, told([{}])).notice).toMatch(/since 2026-09-19T09:10/)
  })

  it('goes on with the period and the snapshot of the first page', () => {
    const { next, done, records } = read(start, told([{ srid: 'a' }, { srid: 'b' }]))
    expect([next, done]).toEqual([{ since, snapshot: '2026-10-20T09:00:00Z', offset: 2 }, false])
    expect(records).toEqual([
      { srid: 'a', currency: 'RUB' },
      { srid: 'b', currency: 'RUB' },
    ])
    expect(ask(next)).toMatchObject({
      json: { selectedPeriod: { start: since }, pagination: { snapshotTime: '2026-10-20T09:00:00Z', offset: 2 } },
    })
    expect(read(next, told([]))).toEqual({
      records: [],
      next: { since: '2026-10-20T08:00:00.000Z', offset: 0 },
      done: true,
    })
  })

  it('begins anew where the vendor refuses its snapshot, a few times', () => {
    const cursor = { since, snapshot: '2026-10-20T08:00:00Z', offset: 2 }
    expect(ask(cursor).accepts).toEqual([400])
    const anew = read(cursor, { detail: 'no' }, { status: 400 })
    expect(anew).toEqual({ records: [], next: { since, offset: 0, begun: 1 }, done: false })
    expect(() => read({ ...cursor, begun: 3 }, {}, { status: 400 })).toThrow(BadPage)
  })

  it('begins a day later where its period has become too old while pages were turned, and says so', () => {
    const cursor = { since: '2026-09-19T08:59:00.000Z', snapshot: '2026-10-20T08:00:00Z', offset: 2 }
    const anew = read(cursor, { detail: 'no' }, { status: 400 })
    expect(anew.next).toEqual({ since: '2026-09-20T09:00:00.000Z', offset: 0, begun: 1 })
    expect(anew.notice).toMatch(/not changed since 2026-09-20T09:00/)
    expect(read({ ...cursor, begun: 1 }, {}, { status: 400 }).next).toMatchObject({ since: '2026-09-21T09:00:00.000Z' })
  })

  it('begins anew after days of interruption', () => {
    expect(ask({ since, snapshot: '2026-10-10T08:00:00Z', offset: 2 })).toMatchObject({
      json: { pagination: { offset: 0 } },
    })
  })
})

describe('supplies', () => {
  const { start, ask, read } = stepsOf('supplies')

  it('are all listed once, then those created lately and those that have changed', () => {
    expect(ask(start).json).toEqual({ dates: [{ from: '2019-01-01', till: '2026-10-20', type: 'createDate' }] })
    const { next } = read(start, [{}])
    expect(next).toEqual({ pass: 'recent', day: '2026-10-20', offset: 0 })
    expect(ask(next).json).toEqual({ dates: [{ from: '2026-09-20', till: '2026-10-20', type: 'createDate' }] })
    const second = read(next, [])
    expect(second).toMatchObject({ next: { pass: 'updated' }, done: false })
    expect(ask(second.next).json).toEqual({ dates: [{ from: '2026-10-19', till: '2026-10-20', type: 'updatedDate' }] })
    expect(read(second.next, undefined, { status: 204 })).toMatchObject({ next: { pass: 'recent' }, done: true })
  })

  it('that change while the pages of a list are days apart are in the next list of changes', () => {
    const page = Array.from({ length: 1_000 }, () => ({}))
    const first = read({ pass: 'updated', day: '2026-10-10', offset: 0 }, page)
    expect(first.next).toEqual({ pass: 'updated', day: '2026-10-10', offset: 1_000, began: '2026-10-20' })
    const last = read(first.next, [{}], { at: new Date('2026-10-24T09:00:00Z') })
    expect(last).toMatchObject({ next: { pass: 'recent', day: '2026-10-20', offset: 0 }, done: true })
  })

  it('are asked about by their number, and by that of the preorder before they have one', () => {
    const numbered = stepsOf('supply_details', [{ supply_key: 'p34', supply_id: '26', preorder_id: '34' }])
    expect(numbered.ask({})).toMatchObject({ path: '/api/v1/supplies/26', query: {} })
    const preorder = stepsOf('incomes', [{ supply_key: 'p34', supply_id: null, preorder_id: '34' }])
    expect(preorder.ask({ offset: 0 })).toMatchObject({
      ...{ path: '/api/v1/supplies/34/goods', query: { isPreorderID: 'true', limit: 1000, offset: 0 } },
    })
  })

  it.each([
    [400, { detail: 'fail to get supply details: по заказу 1 найдена поставка 2. Используйте поиск по ID поставки' }],
    [400, 'поставка 1234 не найдена'],
    [404, { detail: 'поставка 1234 не найдена' }],
  ])('that are not known by this number (%i %j) have nothing', (status, json) => {
    const { read } = stepsOf('incomes', [{ supply_key: 's1234', supply_id: '1234', preorder_id: '0' }])
    expect(read({ offset: 0 }, json, { status })).toMatchObject({ records: [], done: true })
  })

  it.each([
    [404, { title: 'Not Found', detail: 'not found' }],
    [400, { title: 'bad request', detail: 'Неверный формат offset' }],
  ])('whose question is refused for another reason (%i %j) are no answer', (status, json) => {
    expect(() => read404(status, json)).toThrow(Rejected)
    expect(() => read404(status, json)).toThrow(/the supply s1: .*newer version/)
  })

  const read404 = (status: number, json: unknown) =>
    stepsOf('supply_details', [{ supply_key: 's1', supply_id: '1', preorder_id: '0' }]).read({}, json, { status })
})

describe('the report of remains', () => {
  const { start, ask, read } = stepsOf('remains')
  const looked = { step: 'status', begun: 0, task: '219eaecf', looks: 0 }

  it('is ordered by GET, in Russian and as fine as it gets', () => {
    expect(ask(start)).toMatchObject({
      path: '/api/v1/warehouse_remains',
      query: { locale: 'ru', groupByBarcode: 'true' },
    })
    expect(read(start, { data: { taskId: '219eaecf' } })).toMatchObject({ next: looked, done: false })
  })

  it('is looked at until it is done', () => {
    expect(ask(looked)).toMatchObject({
      path: '/api/v1/warehouse_remains/tasks/219eaecf/status',
      limit: { remains_status: 1 },
    })
    expect(read(looked, { data: { status: 'processing' } })).toMatchObject({ wait: '5s', next: { looks: 1 } })
    const done = read(looked, { data: { status: 'done' } })
    expect(ask(done.next)).toMatchObject({ format: { records: '$' }, limit: { remains_download: 1 } })
    expect(read(done.next, [], { list: { count: 0, first: undefined, last: undefined } })).toMatchObject({ done: true })
  })

  it.each([
    [{ data: { status: 'canceled' } }, 200],
    [{ data: { status: 'purged' } }, 200],
    [{ detail: 'not found' }, 404],
  ])('that came to nothing (%j) is ordered anew, three times in all', (json, status) => {
    expect(read(looked, json, { status })).toEqual({ records: [], next: { step: 'create', begun: 1 }, done: false })
    expect(() => read({ ...looked, begun: 2 }, json, { status })).toThrow(BadPage)
  })
})

describe('the sales reports', () => {
  const { start, ask, read } = stepsOf('finance', [], { batch_size: 2 })
  const list = (...ids: (number | string)[]) => {
    const rows = ids.map(rrdId => ({ rrdId }))
    return { list: { count: rows.length, first: rows[0], last: rows.at(-1) } }
  }

  it('are read from their first day on, behind the last row, until there is nothing', () => {
    expect(ask(start).json).toEqual({
      dateFrom: '2024-01-29',
      dateTo: '2026-10-20',
      limit: 2,
      rrdId: 0,
      period: 'weekly',
    })
    const page = read(start, [], list(5, 7))
    expect(page).toMatchObject({ next: { from: '2024-01-29', to: '2026-10-20', rrdId: 7 }, done: false })
    expect(page.notice).toMatch(/2024-01-29/)
    expect(ask({ ...(page.next as object), rrdId: '9007199254740991' }).json).toMatchObject({ rrdId: 9007199254740991 })
    expect(read(page.next, undefined, { status: 204, ...list() })).toEqual({
      next: { from: '2026-09-15', rrdId: 0 },
      done: true,
    })
  })

  it('whose last row has no number cannot go on', () => {
    expect(() => read(start, [], { list: { count: 1, first: {}, last: {} } })).toThrow(BadPage)
  })
})
