import { schedulesOf } from '../core/schedule.ts'
import type { Source } from '../core/source.ts'
import { isDerived } from '../core/stream.ts'

/**
 * Those of the wishes that wait which can begin now: what asks about rows of ours, or derives rows from others, comes after the
 * streams of its account that write them, a stream that begins with another one after that, and one whose schedule comes after
 * another stream after that: so does what a trigger completes. Such that wait for each other begin together.
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
  const before = [taker.stream.begins, ...namesBefore(taker)]
  return before.includes(giver.stream.name) || tablesOf(giver).includes(tableNeeded(taker))
}

/** The streams that a schedule comes after. */
function namesBefore({ stream, options }: Source): string[] {
  return schedulesOf(stream.schedule, options).flatMap(rule => ('after' in rule ? [rule.after] : []))
}

/** The tables whose rows a stream brings: its own, and that of the stream it begins with, whose rows it goes on with. */
function tablesOf({ connector, stream }: Source): (string | undefined)[] {
  const { table, begins } = stream
  if (begins === undefined) return [table]
  return [table, ...connector.streams.filter(({ name }) => name === begins).map(each => each.table)]
}

/** The table of ours whose rows a stream goes through. */
export function tableNeeded({ stream }: Pick<Source, 'stream'>): string | undefined {
  return isDerived(stream) ? stream.from.table : stream.for?.table
}
