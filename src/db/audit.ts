import type { Sql } from './store.ts'

/** One thing that was done: by whom, to which account, and what else is to be known of it. It holds no secret. */
export type Deed = {
  actor: string
  action: string
  connector?: string
  account?: string
  details?: Readonly<Record<string, unknown>>
}

/** A deed as it stands in the audit trail. */
export type Entry = Required<Pick<Deed, 'actor' | 'action' | 'details'>> & {
  at: Date
  connector: string | null
  account: string | null
}

/** Writes down what was done, in the transaction that does it. */
export async function audit(sql: Sql, { actor, action, connector, account, details = {} }: Deed): Promise<void> {
  await sql.query(
    `insert into sluice.audit (at, actor, action, connector, account, details) values (sluice.now(), $1, $2, $3, $4, $5)`,
    [actor, action, connector, account, JSON.stringify(details)],
  )
}

/** The newest entries first, at most `most`; of one account, or of all. */
export function readAudit(sql: Sql, of: { connector?: string; account?: string }, most: number): Promise<Entry[]> {
  return sql.query<Entry>(
    `select at, actor, action, connector, account, details from sluice.audit
     where ($1::text is null or connector = $1) and ($2::text is null or account = $2) order by id desc limit $3`,
    [of.connector, of.account, most],
  )
}
