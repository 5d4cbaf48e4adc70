import type { Source } from '../core/source.ts'
import { isDerived } from '../core/stream.ts'
import { countAll } from '../db/counts.ts'
import { countRaw, describeOrigin } from '../db/origins.ts'
import { type PartState, readParts } from '../db/parts.ts'
import type { Store } from '../db/store.ts'

/** Where a part stands; `left` says how many rows a normalizer has yet to deal with (others: null). */
export type Standing = PartState & { left: number | null }

/**
 * Every part of which something is known (db/parts.ts). Nothing is proven of what a normalizer makes, because it can be made anew
 * at any time: its `rows` are those that it has dealt with.
 * @throws Misuse when the table that a normalizer reads is not there.
 */
export async function standings(store: Store, sources: readonly Source[]): Promise<Standing[]> {
  const standings: Standing[] = []
  for (const part of await readParts(store)) standings.push(await standing(store, sources, part))
  return standings
}

async function standing(store: Store, sources: readonly Source[], part: PartState): Promise<Standing> {
  const source = sources.find(({ connector, account, stream }) => {
    return connector.name === part.connector && account === part.account && stream.name === part.stream
  })
  if (!source || !isDerived(source.stream)) return { ...part, left: null }
  const origin = await describeOrigin(store, source.stream.from)
  const of = origin.hasAccount ? { account: part.account } : {}
  const left = await countRaw(store, origin, part.account)
  const all = await countAll(store, { table: origin.table, of }, false)
  return { ...part, rows: all - left, left }
}
