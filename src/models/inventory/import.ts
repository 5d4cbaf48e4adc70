import { basename } from 'node:path'
import { Misuse } from '../../core/failure.ts'
import type { Sql, Store, Transaction } from '../../db/store.ts'
import { type Line, linesOf } from './lines.ts'
import { doubtOf, type Layout, layoutOf, type Row, rowOf } from './sheet.ts'

/** What became of a file: what `inventory.imports` holds, and the first lines that are no rows. */
export type Report = {
  id: string
  account: string
  file: string
  status: 'success' | 'partial' | 'failed'
  valid: boolean
  records: number
  good: number
  bad: number
  inserted: number
  changed: number
  unchanged: number
  findings: Times[]
  warnings: Times[]
  errors: Rejected[]
  error: string | undefined
}

type Times = { reason: string; times: number }
type Rejected = { line: number; record: string; reason: string }

/** An import under way: when it began, and what was seen so far. */
type Tally = {
  id: string
  at: Date
  account: string
  records: number
  bad: number
  inserted: number
  changed: number
  reasons: Map<string, number>
  doubts: Map<string, number>
  errors: Rejected[]
  error: string | undefined
}

/** How many lines go into one statement, how many bad ones are told at once, and how many reasons. */
const [batch, told, kinds] = [5_000, 20, 20]

/** One import after the other: two that touch the same rows would wait for each other. */
const lock = 7_285_003

/**
 * Takes a file of stock over as the source Manual: all its good lines in one transaction, the bad ones with their reasons in
 * `inventory.rejected`. A file of which nothing can be read leaves nothing behind but the report.
 * @throws Misuse `no-import` when there is no such file to read
 */
export async function importStock(store: Store, { file, account }: { file: string; account: string }): Promise<Report> {
  try {
    return await store.transaction(async tx => {
      const tally = await begin(tx, file, account)
      tally.error = await readAll(tx, tally, file)
      return end(tx, tally, file)
    })
  } catch (error) {
    if (!(error instanceof Misuse) || error.code !== 'bad-import') throw error
    const { message } = error
    return store.transaction(async tx => end(tx, { ...(await begin(tx, file, account)), error: message }, file))
  }
}

async function begin(tx: Transaction, file: string, account: string): Promise<Tally> {
  await tx.query('select pg_advisory_xact_lock($1)', [lock])
  const [row] = await tx.query<{ id: string; at: Date }>(
    `insert into inventory.imports (account, file, status, records, good, bad, inserted, changed, unchanged, started_at, completed_at)
     values ($1, $2, 'failed', 0, 0, 0, 0, 0, 0, date_trunc('milliseconds', sluice.now()), sluice.now())
     returning id::text, started_at as at`,
    [account, basename(file)],
  )
  const counts = { records: 0, bad: 0, inserted: 0, changed: 0 }
  return { ...row!, account, ...counts, reasons: new Map(), doubts: new Map(), errors: [], error: undefined }
}

/** Returns why nothing of the file can be used, if so. */
async function readAll(tx: Transaction, tally: Tally, file: string): Promise<string | undefined> {
  let sheet: { layout: Layout; width: number } | undefined
  let lines: Line[] = []
  for await (const line of linesOf(file)) {
    if (sheet === undefined) {
      const { layout, strange, wrong } = layoutOf(line.values)
      if (wrong !== undefined) return wrong
      for (const name of strange) count(tally.doubts, `the column ${name} means nothing here and is left out`)
      sheet = { layout, width: line.values.length }
    } else if (lines.push(line) === batch) {
      await take(tx, tally, sheet, lines)
      lines = []
    }
  }
  if (sheet === undefined) return 'it has no first line that names its columns'
  await take(tx, tally, sheet, lines)
  return tally.records === 0 ? 'it holds no line below the header' : undefined
}

async function take(
  tx: Transaction,
  tally: Tally,
  { layout, width }: { layout: Layout; width: number },
  lines: readonly Line[],
): Promise<void> {
  const [rows, rejected]: [Row[], Rejected[]] = [[], []]
  for (const { line, values } of lines) {
    const row = rowOf(layout, width, values)
    const doubt = typeof row === 'string' ? undefined : doubtOf(row)
    if (doubt !== undefined) count(tally.doubts, doubt)
    if (typeof row !== 'string') rows.push(row)
    else rejected.push({ line, record: JSON.stringify(values), reason: row })
  }
  for (const { reason } of rejected) count(tally.reasons, reason)
  tally.errors.push(...rejected.slice(0, told - tally.errors.length))
  tally.records += lines.length
  tally.bad += rejected.length
  await reject(tx, tally, rejected)
  await put(tx, tally, rows)
}

function count(reasons: Map<string, number>, reason: string, times = 1): void {
  reasons.set(reason, (reasons.get(reason) ?? 0) + times)
}

async function reject(sql: Sql, { id }: Tally, rejected: readonly Rejected[]): Promise<void> {
  await sql.query(
    `insert into inventory.rejected (import_id, line, record, reason)
     select $1, * from unnest($2::int[], $3::text[], $4::text[]) on conflict do nothing`,
    [id, ...(['line', 'record', 'reason'] as const).map(name => rejected.map(each => each[name]))],
  )
}

const fields = ['product_id', 'sku', 'warehouse_name', 'stock_type', 'present', 'reserved', 'available'] as const

/** Of lines about the same the last one counts; a row that somebody has told later (by a clock set back) stays. */
const putText = `
  with given as materialized (
    select distinct on (product_id, sku, warehouse_name, stock_type) *
    from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[])
      with ordinality as u(product_id, sku, warehouse_name, stock_type, present, reserved, available, n)
    order by product_id, sku, warehouse_name, stock_type, n desc
  ), known as (
    select count(*)::int as keys, (count(*) filter (where d.account is null))::int as inserted,
      (count(*) filter (where d.last_sync_at = $2))::int as repeated,
      (count(*) filter (where d.last_sync_at < $2 and (d.quantity_present, d.quantity_reserved, d.available_stock)
        is distinct from (g.present, g.reserved, g.available)))::int as changed
    from given g left join inventory.inventory_data d on (d.account, d.source, d.product_id, d.sku, d.warehouse_key, d.stock_type)
      = ($1, 'Manual', g.product_id, g.sku, g.warehouse_name, g.stock_type)
  ), stored as (
    insert into inventory.inventory_data as d (account, source, product_id, sku, warehouse_key, warehouse_name, stock_type,
      quantity_present, quantity_reserved, current_stock, reserved_stock, available_stock, snapshot_date, last_sync_at, origin)
    select $1, 'Manual', product_id, sku, warehouse_name, warehouse_name, stock_type, present, reserved, present, reserved,
      available, ($2::timestamptz at time zone 'UTC')::date, $2, 'inventory.import'
    from given
    on conflict (account, source, product_id, sku, warehouse_key, stock_type) do update
    set quantity_present = excluded.quantity_present, quantity_reserved = excluded.quantity_reserved,
      current_stock = excluded.current_stock, reserved_stock = excluded.reserved_stock,
      available_stock = excluded.available_stock, snapshot_date = excluded.snapshot_date, last_sync_at = excluded.last_sync_at
    where d.last_sync_at <= excluded.last_sync_at
  )
  select * from known`

async function put(sql: Sql, tally: Tally, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const values = fields.map(name => rows.map(row => row[name]))
  type Counted = { keys: number; inserted: number; repeated: number; changed: number }
  const [counted] = await sql.query<Counted>(putText, [tally.account, tally.at, ...values])
  const { keys, inserted, repeated, changed } = counted!
  tally.inserted += inserted
  tally.changed += changed
  const doubles = rows.length - keys + repeated
  if (doubles > 0) count(tally.doubts, 'a later line of the file is about the same: the last one counts', doubles)
}

async function end(tx: Transaction, tally: Tally, file: string): Promise<Report> {
  const { id, account, records, bad, inserted, changed, errors, error } = tally
  const good = records - bad
  const status = good === 0 ? 'failed' : bad > 0 ? 'partial' : 'success'
  const [findings, warnings] = [timesOf(tally.reasons), timesOf(tally.doubts)]
  const counts = { records, good, bad, inserted, changed, unchanged: good - inserted - changed }
  const why = error ?? (good === 0 ? `none of its ${records} lines is a row: ${findings[0]!.reason}` : undefined)
  await tx.query(
    `update inventory.imports set status = $2, records = $3, good = $4, bad = $5, inserted = $6, changed = $7, unchanged = $8,
       findings = $9, warnings = $10, error = $11, completed_at = sluice.now()
     where id = $1`,
    [id, status, ...Object.values(counts), JSON.stringify(findings), JSON.stringify(warnings), why ?? null],
  )
  const valid = status === 'success'
  return { id, account, file: basename(file), status, valid, ...counts, findings, warnings, errors, error: why }
}

/** The most frequent first. */
function timesOf(reasons: ReadonlyMap<string, number>): Times[] {
  const all = [...reasons].map(([reason, times]) => ({ reason, times }))
  return all.toSorted((a, b) => b.times - a.times).slice(0, kinds)
}

/** Forgets reports of imports that ended so many days ago, with the lines they rejected. */
export async function pruneImports(sql: Sql, days: number): Promise<void> {
  await sql.query(`delete from inventory.imports where completed_at < sluice.now() - make_interval(days => $1)`, [days])
}
