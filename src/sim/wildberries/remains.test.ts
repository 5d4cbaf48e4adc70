import { describe, expect, it } from 'vitest'
import { hour, noon, type Row, type Visit, visit } from './fixtures/visit.ts'

const path = '/api/v1/warehouse_remains'
const everything =
  'groupByBrand=true&groupBySubject=true&groupBySa=true&groupByNm=true&groupByBarcode=true&groupBySize=true'

type Remain = Row & { warehouses: { warehouseName: string; quantity: number }[] }

async function order({ get }: Visit, query = everything) {
  return JSON.parse((await get(`${path}?${query}`)).text).data.taskId as string
}

async function status({ get }: Visit, id: string) {
  return JSON.parse((await get(`${path}/tasks/${id}/status`)).text).data?.status as string | undefined
}

async function report(there: Visit, query = everything) {
  const id = await order(there, query)
  there.clock.now += 8_000
  const rows = JSON.parse((await there.get(`${path}/tasks/${id}/download`)).text) as Remain[]
  there.clock.now -= 8_000
  return rows
}

const pieces = (rows: Remain[], ...names: string[]) =>
  rows
    .flatMap(({ warehouses }) => warehouses)
    .filter(({ warehouseName }) => names.includes(warehouseName))
    .reduce((sum, { quantity }) => sum + quantity, 0)

const pseudo = ['В пути до получателей', 'В пути возвраты на склад WB', 'Всего находится на складах']

describe('the report of remains', () => {
  it('is new, in the making, done, and gone hours later', async () => {
    const there = visit()
    const id = await order(there)
    const seen = []
    for (const later of [0, 2_000, 8_000, 2 * hour, 4 * hour]) {
      there.clock.now = noon + later
      seen.push([await status(there, id), (await there.get(`${path}/tasks/${id}/download`)).status])
    }
    expect(seen).toEqual([
      ['new', 404],
      ['processing', 404],
      ['done', 200],
      ['purged', 404],
      [undefined, 404],
    ])
  })

  it('mixes what is on the way and the total with the warehouses', async () => {
    const there = visit()
    const rows = await report(there)
    expect(rows).toEqual(there.truth('remains'))
    const names = [...new Set(rows.flatMap(({ warehouses }) => warehouses.map(each => each.warehouseName)))]
    expect(names.toSorted()).toEqual([...pseudo, 'Склад WB РФ', 'Склад WB СГТ РФ', 'Коледино', 'Минск'].toSorted())
    const real = pieces(rows, ...names.filter(name => !pseudo.includes(name)))
    expect(pieces(rows, 'Всего находится на складах')).toBe(real)
  })

  it('agrees with the report of the vendor’s warehouses', async () => {
    const there = visit()
    const rows = await report(there)
    const stocks = there.truth('stocks')
    const sum = (field: string) => stocks.reduce((total, row) => total + Number(row[field]), 0)
    expect(pseudo.map(name => pieces(rows, name))).toEqual([
      sum('inWayToClient'),
      sum('inWayFromClient'),
      sum('quantity'),
    ])
  })

  it('has the fields that it is grouped by, and the volume with nmId alone', async () => {
    const there = visit()
    expect(Object.keys((await report(there, 'groupBySa=true'))[0]!)).toEqual(['vendorCode', 'warehouses'])
    expect(Object.keys((await report(there, 'groupByNm=true'))[0]!)).toEqual(['nmId', 'volume', 'warehouses'])
    const [whole, ...more] = await report(there, '')
    expect(Object.keys(whole!)).toEqual(['warehouses'])
    expect(more).toEqual([])
    expect(pieces([whole!], ...pseudo)).toBe(pieces(await report(there), ...pseudo))
  })

  it('names what is no warehouse in the language asked for', async () => {
    const there = visit()
    const [ru, en, zh] = await Promise.all(['ru', 'en', 'zh'].map(locale => order(there, `locale=${locale}`)))
    there.clock.now += 8_000
    const texts = await Promise.all(
      [ru, en, zh].map(async id => (await there.get(`${path}/tasks/${id}/download`)).text),
    )
    expect(texts.map(text => text.includes('В пути до получателей'))).toEqual([true, false, false])
    expect(texts.map(text => text.includes('Минск'))).toEqual([true, true, true])
  })

  it('has the names of the warehouses before they were masked', async () => {
    const rows = await report(visit({ maskedSince: Number.POSITIVE_INFINITY }))
    expect(pieces(rows, 'Казань')).toBeGreaterThan(0)
    expect(pieces(rows, 'Склад WB РФ')).toBe(0)
  })

  it('has no content where the seller has nothing', async () => {
    const there = visit({ sellers: [{ name: 'shop', goods: 0, orders: 1e-9 }] })
    const id = await order(there)
    there.clock.now += 8_000
    expect(await there.get(`${path}/tasks/${id}/download`)).toMatchObject({ status: 204, text: '' })
  })

  it.each(['canceled', 'purged'] as const)('may end as %s', async kind => {
    const there = visit()
    there.vendor.faults.add({ kind })
    const id = await order(there)
    there.clock.now += 8_000
    expect(await status(there, id)).toBe(kind)
    expect((await there.get(`${path}/tasks/${id}/download`)).status).toBe(404)
    expect(await status(there, await order(there))).toBe('new')
  })

  it('is nobody else’s', async () => {
    const there = visit({ sellers: [{ name: 'shop' }, { name: 'other' }] })
    const id = await order(there)
    there.clock.now += 8_000
    const answer = await there.get(`${path}/tasks/${id}/download`, there.vendor.mint('other'))
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(answer.text)).toMatchObject({ title: 'Not Found', detail: 'not found', origin: 'api-statistics' })
  })

  it.each([
    ['groupByNm=', 'parameter "groupByNm" in query has an error: empty value is not allowed'],
    ['groupByNm=1', 'parameter "groupByNm" in query has an error: value must be a boolean'],
    ['locale=de', 'parameter "locale" in query has an error: value is not one of the allowed values'],
    ['filterVolume=2', 'parameter "filterVolume" in query has an error: value is not one of the allowed values'],
  ])('is refused with ?%s', async (query, detail) => {
    const { status, text } = await visit().get(`${path}?${query}`)
    expect([status, JSON.parse(text).detail]).toEqual([400, detail])
  })
})
