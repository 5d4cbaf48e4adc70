import { BadPage } from '../core/failure.ts'
import { sliceText } from '../core/run.ts'
import { type Bad, type Circumstances, keepBad } from '../db/quarantine.ts'
import type { Store } from '../db/store.ts'
import type { Place, Voyage } from './voyage.ts'

/** Of fewer records nobody can tell whether a stream has gone wrong. */
const fewest = 100

/** How many records are kept as evidence when a stream is stopped. */
const evidence = 20

/** The share of broken records that is tolerated where the stream says nothing. */
const usualTolerance = 0.5

/** How many records a run has seen, and how many of them were broken. */
type Seen = Pick<Place, 'records' | 'broken'>

/** Whether so many of a run's records are broken that the stream has gone wrong. */
export function isExcess({ source }: Pick<Voyage, 'source'>, { records, broken }: Seen): boolean {
  const tolerated = source.stream.tolerance?.(source.options) ?? usualTolerance
  return records >= fewest && broken / records > tolerated
}

/**
 * Stops a stream that has gone wrong; some of the broken records are kept as evidence. `stored` says what else is.
 * @throws BadPage always
 */
export async function refuse(
  store: Store,
  { slice }: Pick<Voyage, 'slice'>,
  { records, broken }: Seen,
  bad: readonly Bad[],
  came: Circumstances,
  stored: string,
): Promise<never> {
  await store.transaction(tx => keepBad(tx, slice, bad.slice(0, evidence), came))
  const { field, reason } = bad[0]!
  const first = field === undefined ? reason : `${field}: ${reason}`
  throw new BadPage(
    'too-many-broken',
    `${sliceText(slice)}: ${broken} of ${records} records are broken, the first because ${first}; ${stored}. See: sluice quarantine list`,
  )
}
