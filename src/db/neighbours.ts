import type { OriginTable } from './origins.ts'
import { awaitWriters, isWrittenInTurn } from './serial.ts'
import type { Sql, Store } from './store.ts'

/** So many neighbours, and of the rows beside them so many, are dealt with by one statement: one may stand beside a million. */
const [most, stretch] = [100, 10_000]

/**
 * Has rows be dealt with anew beside which another one stands now: of each neighbour whose flag is false, all of them. The flag of a
 * neighbour becomes true in the transaction with the last of its rows: what is cut off is gone on with by the next run. Where
 * neighbours have no flag nothing is known of them, and nothing happens.
 */
export async function unflagBeside(store: Store, origin: OriginTable, account: string): Promise<void> {
  const { table: name, key, beside } = origin
  if (beside?.flag === undefined) return
  const table = { name, key: key.map(column => column.name), isSerial: await isWrittenInTurn(store, name) }
  const text = textOf(origin, beside.flag, beside)
  for (let isThrough = false; !isThrough; ) {
    isThrough = await store.transaction(async tx => {
      await awaitWriters(tx, table)
      return seeSome(tx, text, account)
    })
  }
}

/** Whether that was all: neighbours count as seen when no more rows are left beside them than one statement takes. */
async function seeSome(sql: Sql, text: string, account: string): Promise<boolean> {
  const [row] = await sql.query<{ seen: number; undone: number }>(text, [account, most, stretch])
  return row!.undone < stretch && row!.seen < most
}

/** Rows are locked in the order of their key, as those do who write them; neighbours before them, as nobody does otherwise. */
function textOf(
  { table, flag, key, hasAccount }: OriginTable,
  besideFlag: string,
  { table: other, by }: NonNullable<OriginTable['beside']>,
): string {
  const own = (side: string, isTold: boolean) => (isTold ? `${side}.account = $1` : '$1::text is not null')
  const keys = key.map(({ name }) => name)
  return `
    with moved as (
      select ${listed('b', by)} from ${other} b where ${own('b', by.includes('account'))} and not b.${quoted(besideFlag)}
      order by ${listed('b', by)} limit $2 for update),
    few as (
      select ${listed('t', keys)} from ${table} t
      where ${own('t', hasAccount)} and t.${quoted(flag)} and (${listed('t', by)}) in (select ${listed('m', by)} from moved m)
      order by ${listed('t', keys)} limit $3 for update),
    undone as (update ${table} t set ${quoted(flag)} = false from few f where ${same('t', 'f', keys)}),
    seen as (update ${other} b set ${quoted(besideFlag)} = true from moved m where ${same('b', 'm', by)}
      and (select count(*) from few) < $3 returning 1)
    select (select count(*)::int from seen) as seen, (select count(*)::int from few) as undone`
}

function listed(side: string, names: readonly string[]): string {
  return names.map(name => `${side}.${quoted(name)}`).join(', ')
}

function same(one: string, other: string, names: readonly string[]): string {
  return names.map(name => `${one}.${quoted(name)} = ${other}.${quoted(name)}`).join(' and ')
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
