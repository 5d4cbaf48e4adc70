import type { Sql } from './store.ts'

/** The id this installation is known by elsewhere; `isNew` the first time anybody asks. */
export async function installation(sql: Sql): Promise<{ id: string; isNew: boolean }> {
  const [made] = await sql.query<{ id: string }>(
    'insert into sluice.installation (id) values (gen_random_uuid()) on conflict do nothing returning id',
  )
  if (made) return { id: made.id, isNew: true }
  const [known] = await sql.query<{ id: string }>('select id from sluice.installation')
  return { id: known!.id, isNew: false }
}
