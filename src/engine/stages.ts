import type { Source } from '../core/source.ts'
import { isDerived } from '../core/stream.ts'

/**
 * Those of the wishes that wait which can begin now: what asks about rows of ours, or derives rows from others, comes after the
 * streams of its account that write them. Such that wait for each other begin together.
 */
export function readyOf<Wish extends { source: Source }>(waiting: readonly Wish[], working: readonly Wish[]): Wish[] {
  const open = [...waiting, ...working].map(({ source }) => source)
  const ready = waiting.filter(({ source }) => !open.some(each => isGiver(each, source)))
  return ready.length > 0 || working.length > 0 ? ready : [...waiting]
}

/** Whether a stream writes the rows that another one of the same account needs. */
function isGiver(giver: Source, taker: Source): boolean {
  if (giver.connector.name !== taker.connector.name || giver.account !== taker.account) return false
  return giver.stream.name !== taker.stream.name && giver.stream.table === tableNeeded(taker)
}

function tableNeeded({ stream }: Source): string | undefined {
  return isDerived(stream) ? stream.from.table : stream.for?.table
}
