import type { Source } from '../core/source.ts'
import { isDerived } from '../core/stream.ts'

/**
 * Those of the wishes that wait which can begin now: what asks about rows of ours, or derives rows from others, comes after the
 * streams of its account that write them, and a stream that begins with another one after that. Such that wait for each
 * other begin together.
 */
export function readyOf<Wish extends { source: Source }>(waiting: readonly Wish[], working: readonly Wish[]): Wish[] {
  const open = [...waiting, ...working].map(({ source }) => source)
  const ready = waiting.filter(({ source }) => !open.some(each => isGiver(each, source)))
  return ready.length > 0 || working.length > 0 ? ready : [...waiting]
}

/** Whether a stream brings what another one of the same account needs. */
function isGiver(giver: Source, taker: Source): boolean {
  if (giver.connector.name !== taker.connector.name || giver.account !== taker.account) return false
  if (giver.stream.name === taker.stream.name) return false
  return giver.stream.name === taker.stream.begins || tablesOf(giver).includes(tableNeeded(taker))
}

/** The tables whose rows a stream brings: its own, and that of the stream it begins with, whose rows it goes on with. */
function tablesOf({ connector, stream }: Source): (string | undefined)[] {
  const { table, begins } = stream
  if (begins === undefined) return [table]
  return [table, ...connector.streams.filter(({ name }) => name === begins).map(each => each.table)]
}

function tableNeeded({ stream }: Source): string | undefined {
  return isDerived(stream) ? stream.from.table : stream.for?.table
}
