import { dayIn } from '../../src/core/stock.ts'
import type { Subject } from '../../src/sim/ozon/truth.ts'
import { askedOfOzon, differences } from './books.ts'
import { type World, zones } from './world.ts'

type Row = Record<string, unknown>
type Pieces = number | null

/** A row of the inventory by its key, and its pieces in the order of `quantities`. */
type Stock = { key: string; pieces: Pieces[]; day: string }

const quantities = [
  ...['quantity_present', 'quantity_reserved', 'current_stock', 'reserved_stock', 'available_stock'],
  ...['in_way_to_client', 'in_way_from_client'],
]

function stockOf(account: string, moment: number, key: unknown[], pieces: unknown[]): Stock {
  const day = dayIn(zones[account]!, new Date(moment))
  return { key: JSON.stringify([account, ...key.map(String)]), pieces: pieces as Pieces[], day }
}

/** What follows from one answer of Wildberries. */
function ofWildberries({ truthOf }: World, seller: string, stream: 'stocks' | 'sellerStocks', moment: number): Stock[] {
  const kind = stream === 'stocks' ? 'FBO' : 'FBS'
  return truthOf.wildberries(seller, stream, moment).map(row => {
    const { quantity, inWayToClient = null, inWayFromClient = null } = row
    const key = ['Wildberries', row.nmId, row.chrtId, row.warehouseId, row.warehouseName, kind]
    return stockOf(seller, moment, key, [quantity, null, quantity, null, quantity, inWayToClient, inWayFromClient])
  })
}

const packing: Readonly<Record<string, string>> = { SHIPMENT_TYPE_GENERAL: 'all', SHIPMENT_TYPE_BOX: 'all/box' }

/** What follows from one answer of Ozon: what lies with it over all warehouses, what lies with the seller by warehouse. */
function ofOzon({ truthOf }: World, subject: 'stocks' | 'fbs', moment: number): Stock[] {
  const rows = truthOf.ozon(subject, moment)
  if (subject === 'fbs')
    return rows.map(row => {
      const { present, reserved, free_stock } = row
      const kind = isReal(row.warehouse_name) ? 'realFBS' : 'FBS'
      const key = ['Ozon', row.product_id, row.sku, row.warehouse_id, row.warehouse_name, kind]
      return stockOf('main', moment, key, [present, reserved, present, reserved, free_stock, null, null])
    })
  return rows.flatMap(({ product_id, stocks }) =>
    (stocks as Row[])
      .filter(({ type }) => type === 'fbo')
      .map(({ sku, shipment_type, present, reserved }) => {
        const key = ['Ozon', product_id, sku, packing[String(shipment_type)], 'Main Warehouse', 'FBO']
        return stockOf('main', moment, key, [present, reserved, present, reserved, null, null, null])
      }),
  )
}

/** Own warehouses from which the seller delivers by itself have names that tell so at the imitated vendor. */
function isReal(warehouse: unknown): boolean {
  return String(warehouse).startsWith('realFBS')
}

/** Every answer about stock there has been: when it was given, and what follows from it. */
type Told = { moment: number; stock: () => Stock[] }

function everything(world: World): Told[][] {
  const asked = (seller: string, stream: string) =>
    world.wildberries.calls
      .filter(call => call.seller === seller && call.endpoint === stream && call.status === 200)
      .map(({ at }) => at)
  const wildberries = ['romashka', 'vesna'].flatMap(seller =>
    (['stocks', 'sellerStocks'] as const).map(stream =>
      asked(seller, stream).map(moment => ({ moment, stock: () => ofWildberries(world, seller, stream, moment) })),
    ),
  )
  const ozon = (['stocks', 'fbs'] as const satisfies Subject[]).map(subject =>
    askedOfOzon(world, subject).map(moment => ({ moment, stock: () => ofOzon(world, subject, moment) })),
  )
  return [...wildberries, ...ozon]
}

/**
 * What is wrong with the inventory: what the newest answer tells of stock is there, and nothing else but what an older answer
 * told, which is 0 where it is known at all. `gone` counts the latter.
 */
export async function wrongOfInventory(world: World): Promise<{ wrong: unknown[]; gone: number }> {
  const held = await world.store.query<{ key: string; pieces: Pieces[]; day: string }>(
    `select json_build_array(account, source, product_id, sku, warehouse_key, warehouse_name, stock_type)::text as key,
       array[${quantities.map(name => `${name}::float8`).join(', ')}] as pieces, snapshot_date::text as day
     from inventory.inventory_data`,
  )
  const told = everything(world)
  const present = told.flatMap(answers => answers.at(-1)!.stock())
  const keys = new Set(present.map(({ key }) => key))
  const past = new Set(told.flatMap(answers => answers.flatMap(({ stock }) => stock().map(({ key }) => key))))
  const rows = held.map(row => ({ ...row, key: JSON.stringify(JSON.parse(row.key)) }))
  const [here, gone] = [rows.filter(({ key }) => keys.has(key)), rows.filter(({ key }) => !keys.has(key))]
  const text = ({ key, pieces, day }: Stock) => JSON.stringify([key, pieces, day])
  return {
    wrong: [
      ...differences('inventory', here.map(text), present.map(text)),
      ...gone.filter(({ key, pieces }) => !past.has(key) || pieces.some(each => each !== 0 && each !== null)),
    ],
    gone: gone.length,
  }
}
