import { expect, test } from 'vitest'
import { type Name, setupOzon } from '../ozon/bench.ts'
import { day, noon, setupSeller } from '../wildberries/bench.ts'

type Row = Record<string, unknown>

/** Rows of the shared table that hold something, as texts of what tells them apart and what they hold. */
const held = (origin: string, columns: string) => `
  select concat_ws(' ', product_id, sku, stock_type, warehouse_key, ${columns}) as text from inventory.inventory_data
  where origin = '${origin}' and (current_stock > 0 or reserved_stock > 0 or in_way_to_client > 0 or in_way_from_client > 0)`

const texts = (rows: readonly { text: string }[]) => rows.map(({ text }) => text).toSorted()

test('what Ozon has of each product and warehouse stands in the shared table, also after the shop has moved on', async () => {
  const bench = await setupOzon({ products: 60, archived: 3 })
  const derived = ['inventory', 'fbs_inventory', 'skus'] as unknown as Name[]
  const compare = async () => {
    const kinds: Record<string, string> = { fbo: 'FBO' }
    const packed: Record<string, string> = { GENERAL: 'all', BOX: 'all/box', PALLET: 'all/pallet' }
    const lines = bench.truth('stocks').flatMap(({ product_id, stocks }) =>
      (stocks as Row[]).map(({ sku, type, shipment_type, present, reserved }) => {
        const key = packed[String(shipment_type).replace('SHIPMENT_TYPE_', '')]
        return {
          isHeld: type === 'fbo' && Number(present) + Number(reserved) > 0,
          text: `${product_id} ${sku} ${kinds[String(type)]} ${key} ${present} ${reserved}`,
        }
      }),
    )
    const fbo = await bench.rows<{ text: string }>(held('ozon.stocks', 'current_stock, reserved_stock'))
    expect(fbo.length).toBeGreaterThan(10)
    expect(texts(fbo)).toEqual(texts(lines.filter(({ isHeld }) => isHeld)))

    const places = await bench.rows<{ id: string; is_rfbs: boolean }>(
      `select warehouse_id::text as id, is_rfbs from ozon.warehouses`,
    )
    const kindOf = (id: unknown) => (places.find(place => place.id === String(id))!.is_rfbs ? 'realFBS' : 'FBS')
    const own = bench
      .truth('fbs')
      .filter(({ present, reserved }) => Number(present) + Number(reserved) > 0)
      .map(({ product_id, sku, warehouse_id: id, present, reserved, free_stock }) => ({
        text: `${product_id} ${sku} ${kindOf(id)} ${id} ${present} ${reserved} ${free_stock}`,
      }))
    const fbs = await bench.rows<{ text: string }>(
      held('ozon.fbs_stocks', 'current_stock, reserved_stock, available_stock'),
    )
    expect(fbs.length).toBeGreaterThan(10)
    expect(texts(fbs)).toEqual(texts(own))
    expect(
      await bench.rows(`select from inventory.by_article where not named and (present > 0 or reserved > 0)`),
    ).toEqual([])
  }
  await bench.collect()
  await bench.collect(...derived)
  await compare()
  await bench.pass(2 * day)
  bench.change({ products: 55, archived: 8 })
  await bench.collect()
  await bench.collect(...derived)
  await compare()
  await bench.rows(`update ozon.warehouses set is_rfbs = not is_rfbs, is_processed = false`)
  await bench.collect(...derived)
  await compare()
  await bench.collect('warehouses', ...derived)
  await compare()
  const [log] = await bench.rows<{ n: number }>(
    `select count(*)::int as n from inventory.sync_logs where source = 'Ozon' and sync_type = 'inventory' and status = 'success'`,
  )
  expect(log!.n).toBe(10)
}, 120_000)

test('what Wildberries has of each size and warehouse stands in the shared table, also after a day', async () => {
  const bench = await setupSeller({ world: {} })
  const compare = async () => {
    const [theirs, own] = (['stocks', 'sellerStocks'] as const).map(name =>
      [...bench.sim.truth('shop', name, noon)].map(row => row as Row).filter(row => Number(row.quantity) > 0),
    )
    const truth = (rows: readonly Row[], kind: string) =>
      rows.map(({ nmId, chrtId, warehouseId, quantity }) => ({
        text: `${nmId} ${chrtId} ${kind} ${warehouseId} ${quantity}`,
      }))
    const rows = (origin: string) =>
      bench.rows<{ text: string }>(`${held(origin, 'available_stock')} and current_stock > 0`)
    expect(theirs!.length).toBeGreaterThan(5)
    expect(texts(await rows('wildberries.stocks'))).toEqual(texts(truth(theirs!, 'FBO')))
    expect(texts(await rows('wildberries.seller_stocks'))).toEqual(texts(truth(own!, 'FBS')))
  }
  const collect = async () => {
    const names = ['stocks', 'seller_stocks', 'remains', 'inventory', 'seller_inventory', 'remains_inventory', 'skus']
    for (const name of names) expect([name, (await bench.sync(name)).state]).toEqual([name, 'success'])
  }
  await collect()
  await compare()
  await bench.pass(day)
  await collect()
  await compare()
  expect(await bench.rows(`select from inventory.by_article where not named and present > 0`)).toEqual([])
  const [days] = await bench.rows(`select count(distinct snapshot_date)::int as n from inventory.inventory_history`)
  expect(days).toEqual({ n: 2 })
}, 120_000)

test('a base token sees the same stock by the report of remains', async () => {
  const options = { remains_inventory: { feeds_inventory: true } }
  const bench = await setupSeller({ options })
  for (let times = 0; times < 2; times++) {
    for (const name of ['remains', 'remains_inventory']) expect((await bench.sync(name)).state).toBe('success')
    const [sums] = await bench.rows(`select sum(current_stock)::int as stock, sum(in_way_to_client)::int as towards,
      sum(in_way_from_client)::int as back from inventory.inventory_data`)
    const truth = [...bench.sim.truth('shop', 'stocks', noon)] as Row[]
    const sum = (name: string) => truth.reduce((all, row) => all + Number(row[name]), 0)
    expect(sums).toEqual({ stock: sum('quantity'), towards: sum('inWayToClient'), back: sum('inWayFromClient') })
    expect(sum('quantity')).toBeGreaterThan(10)
    await bench.pass(day)
  }
}, 120_000)
