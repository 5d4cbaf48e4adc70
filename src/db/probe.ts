import type { Store } from './store.ts'

/**
 * Writes as much as a large page takes (1 MB) and forgets it: whether a database answers says nothing of its disk.
 * @throws StoreAway when it cannot be written to
 */
export async function tryWriting(store: Store): Promise<void> {
  await store.transaction(async tx => {
    await tx.query(`create temporary table probe on commit drop as
      select repeat('x', 1900) as text from generate_series(1, 512)`)
  })
}
