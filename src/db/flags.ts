import type { Said } from '../core/run.ts'
import type { Sql } from './store.ts'

/** Flags as the column keeps them: nothing where none was given. */
export function flagsValue(said: Said | null | undefined): string | null {
  return said && Object.keys(said).length > 0 ? JSON.stringify(said) : null
}

/**
 * Has an open run go on as the command says that asked for it last. A worker that is at it loses it: the run begins anew at its
 * last commit, with these flags, and what the worker still brings is refused. A run that has them already is left alone.
 */
export async function giveFlags(sql: Sql, id: string, said: Said | null): Promise<void> {
  await sql.query(
    `update sluice.runs set flags = $2::jsonb, worker = null, updated_at = sluice.now(),
       state = case state when 'running' then 'waiting' else state end,
       due_at = case state when 'running' then sluice.now() else due_at end,
       reason = case state when 'running' then 'a command asked for it with other flags' else reason end,
       job = case state when 'running' then null else job end
     where id = $1 and state in ('planned', 'waiting', 'running') and flags is distinct from $2::jsonb`,
    [id, flagsValue(said)],
  )
}
