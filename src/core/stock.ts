/** A row of the shared table of stock, `inventory.inventory_data`, but for its account. Quantities are pieces; null is "not known". */
type Stock = {
  source: string
  product_id: string
  sku: string
  warehouse_key: string
  warehouse_name: string
  stock_type: 'FBO' | 'FBS' | 'realFBS'
  quantity_present: Pieces
  quantity_reserved: Pieces
  current_stock: Pieces
  reserved_stock: Pieces
  available_stock: Pieces
  in_way_to_client: Pieces
  in_way_from_client: Pieces
  snapshot_date: string
  last_sync_at: Date
  origin: string
}

/** A number of more than 15 digits comes as its text (core/json.ts). */
type Pieces = number | string | null

/** Where stock lies, and what a source says of it; what is left out is not known. */
type Told = Pick<Stock, 'source' | 'origin' | 'product_id' | 'sku' | 'warehouse_key' | 'stock_type'> &
  Partial<Pick<Stock, Quantity>> & { warehouse_name?: string | null }

type Quantity = (typeof quantities)[number]

const quantities = [
  ...(['quantity_present', 'quantity_reserved', 'current_stock', 'reserved_stock', 'available_stock'] as const),
  ...(['in_way_to_client', 'in_way_from_client'] as const),
]

/** When the vendor was asked for the raw row, and since when its complete list lacks it; and whose days count. */
type Asked = { asked_at: Date; gone_at: Date | null; zone: string }

/** The primary key of `inventory.inventory_data`, and what tells a newer row from an older one. */
export const stockKey = ['account', 'source', 'product_id', 'sku', 'warehouse_key', 'stock_type'] as const
export const stockNewer = ['last_sync_at'] as const

/**
 * What a raw row says of stock, as a row of the shared table. Of one that the vendor's complete list lacks, the quantities
 * that its source tells are 0 since then.
 */
export function stockRow({ warehouse_name, ...told }: Told, { asked_at, gone_at, zone }: Asked): Stock {
  const last = gone_at ?? asked_at
  const known = quantities.map(name => [name, gone_at && (told[name] ?? null) !== null ? 0 : (told[name] ?? null)])
  return {
    ...told,
    ...(Object.fromEntries(known) as Record<Quantity, Pieces>),
    warehouse_name: warehouse_name || 'Main Warehouse',
    snapshot_date: dayIn(zone, last),
    last_sync_at: last,
  }
}

/**
 * What becomes of a row of the shared table (its columns as texts) of which its source says nothing more: what was known of it
 * is 0 since then, as with one that is gone. Undefined where that is so.
 */
export function endedStock(row: Readonly<Record<string, string | null>>, { asked_at, gone_at, zone }: Asked) {
  const held = quantities.filter(name => row[name] !== null && row[name] !== '0')
  if (held.length === 0) return undefined
  const last = gone_at ?? asked_at
  const none = Object.fromEntries(held.map(name => [name, 0])) as Partial<Record<Quantity, Pieces>>
  return { ...none, snapshot_date: dayIn(zone, last), last_sync_at: last }
}

const calendars = new Map<string, Intl.DateTimeFormat>()

/** The day of an instant on the calendars of a zone: `2026-03-01`. @throws RangeError when there is no such zone */
export function dayIn(zone: string, instant: Date): string {
  const calendar = calendars.get(zone) ?? new Intl.DateTimeFormat('en', { ...fields, timeZone: zone })
  calendars.set(zone, calendar)
  const parts = Object.fromEntries(calendar.formatToParts(instant).map(({ type, value }) => [type, value]))
  return `${parts.year!.padStart(4, '0')}-${parts.month}-${parts.day}`
}

const fields = { calendar: 'iso8601', year: 'numeric', month: '2-digit', day: '2-digit' } as const
