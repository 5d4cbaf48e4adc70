/** A line of a file as a row of stock: pieces as text, null where they are not told. */
export type Row = {
  product_id: string
  sku: string
  warehouse_name: string
  stock_type: string
  present: string
  reserved: string | null
  available: string | null
}

/** In which place of a line each column stands; those that are not there are left out. */
export type Layout = Partial<Record<Column, number>>

type Column = (typeof columns)[number]

const columns = ['product_id', 'sku', 'warehouse_name', 'stock_type', 'quantity_present', 'quantity_reserved'] as const
const needed = ['product_id', 'sku', 'quantity_present'] as const

/** What a header names, which of its names mean nothing here, and why it cannot be used, if it cannot. */
export function layoutOf(header: readonly string[]): { layout: Layout; strange: string[]; wrong: string | undefined } {
  const names = header.map(name => name.trim().toLowerCase())
  const found = columns.filter(name => names.includes(name))
  const twice = found.find(name => names.indexOf(name) !== names.lastIndexOf(name))
  const missing = needed.filter(name => !names.includes(name))
  const lacks = `line 1 names no column ${missing.join(', ')}; the columns are ${columns.join(', ')}`
  return {
    layout: Object.fromEntries(found.map(name => [name, names.indexOf(name)])),
    strange: names.filter(name => name !== '' && !columns.some(column => column === name)),
    wrong: missing.length > 0 ? lacks : twice && `line 1 names the column ${twice} twice`,
  }
}

const kinds = ['FBO', 'FBS', 'realFBS']

/** Longer texts (characters) do not fit into the key of the table together, and would fail the whole file. */
const longest = 200

/** The row that a line is, or why it is none. */
export function rowOf(layout: Layout, width: number, values: readonly string[]): Row | string {
  if (values.length !== width) return 'has another number of values than the header'
  const value = (name: Column) => (layout[name] === undefined ? '' : values[layout[name]]!.trim())
  const wanted = value('stock_type') || 'FBO'
  const stock_type = kinds.find(kind => kind.toLowerCase() === wanted.toLowerCase())
  const [present, reserved] = [whole(value('quantity_present')), whole(value('quantity_reserved'))]
  const named = (['product_id', 'sku', 'warehouse_name'] as const).map(value)
  const reason = refusal({
    'product_id is empty': value('product_id') === '',
    'sku is empty': value('sku') === '',
    'a value holds what cannot be stored (NUL)': values.some(each => each.includes('\u0000')),
    [`product_id, sku or warehouse_name has more than ${longest} characters`]: named.some(
      each => each.length > longest,
    ),
    'stock_type is none of FBO, FBS, realFBS': stock_type === undefined,
    'quantity_present is empty': value('quantity_present') === '',
    'quantity_present is no whole number from 0': present === undefined,
    'quantity_reserved is no whole number from 0': reserved === undefined && value('quantity_reserved') !== '',
  })
  if (reason !== undefined) return reason
  return {
    ...{ product_id: value('product_id'), sku: value('sku'), stock_type: stock_type! },
    warehouse_name: value('warehouse_name') || 'Main Warehouse',
    ...{ present: String(present), reserved: reserved === undefined ? null : String(reserved) },
    available: reserved === undefined || reserved > present! ? null : String(present! - reserved),
  }
}

/** What is strange about a row that is taken all the same. */
export function doubtOf({ reserved, available }: Row): string | undefined {
  return reserved !== null && available === null
    ? 'more is reserved than is present: what can be sold is not known'
    : undefined
}

function refusal(reasons: Readonly<Record<string, boolean>>): string | undefined {
  return Object.keys(reasons).find(reason => reasons[reason])
}

/** Undefined for what is no number of pieces; more of them than a bigint holds are none either. */
function whole(text: string): bigint | undefined {
  return /^\d{1,18}$/.test(text) ? BigInt(text) : undefined
}
