import type { Sql, Transaction } from './store.ts'

/** Whether those who write a table go one after the other: its trigger has each statement that brings rows wait for the others. */
export async function isWrittenInTurn(sql: Sql, table: string): Promise<boolean> {
  const statementBeforeInsert = 'tgtype & 7 = 6'
  const found = await sql.query(
    `select 1 from pg_trigger where tgrelid = to_regclass($1) and not tgisinternal and ${statementBeforeInsert} limit 1`,
    [table],
  )
  return found.length > 0
}

type Written = { name: string; key: readonly string[]; isSerial: boolean }

/**
 * Waits here for those who write the table now. A statement that waits by itself has looked at the table before, and would
 * count rows as new that the others have brought meanwhile.
 */
export async function awaitWriters(tx: Transaction, { name, key, isSerial }: Written): Promise<void> {
  if (!isSerial) return
  const names = key.map(each => `"${each.replaceAll('"', '""')}"`).join(', ')
  await tx.query(`insert into ${name} (${names}) select ${names} from ${name} where false`)
}
