import { Misuse } from '../core/failure.ts'
import { type Schedule, schedulesOf, scheduleText } from '../core/schedule.ts'
import type { Source } from '../core/source.ts'
import { problemOf } from './turns.ts'

/**
 * Looks at every schedule before the first of them is due.
 * @throws Misuse when a schedule that was made from settings cannot be used; Error when the stream itself holds it, which is
 * a fault of its author. Both name the stream, its account and the schedule.
 */
export function examineSchedules(sources: readonly Source[]): void {
  for (const source of sources) {
    const all = schedulesOf(source.stream.schedule, source.options)
    for (const [at, schedule] of all.entries()) {
      const problem =
        problemOf(schedule) ?? problemAmong(all.slice(0, at), schedule) ?? problemOfChain(source, sources, schedule)
      if (problem !== undefined) throw refusal(source, schedule, problem)
    }
  }
}

function refusal({ connector, account, stream }: Source, schedule: Schedule, problem: string): Error {
  const name = `${connector.name}.${stream.name} (account ${account})`
  const text = `${name} has a schedule that cannot be used, ${JSON.stringify(schedule)}: ${problem}`
  if (typeof stream.schedule !== 'function') return new Error(text)
  return new Misuse(
    'bad-schedule',
    `${text}. It comes from the settings of ${connector.name}.${stream.name}; correct them.`,
  )
}

function problemAmong(others: readonly Schedule[], schedule: Schedule): string | undefined {
  const same = others.some(other => scheduleText(other) === scheduleText(schedule))
  return same ? 'the stream has it twice' : undefined
}

/** A chain has to begin somewhere else than where it ends. */
function problemOfChain(source: Source, sources: readonly Source[], schedule: Schedule): string | undefined {
  if (!('after' in schedule)) return undefined
  if (!before(source, sources, schedule.after)) return `the account has no stream "${schedule.after}"`
  return leadsBack(source, sources, schedule.after) ? 'it waits for a stream that waits for it' : undefined
}

function before({ connector, account }: Source, sources: readonly Source[], name: string): Source | undefined {
  return sources.find(
    each => each.connector.name === connector.name && each.account === account && each.stream.name === name,
  )
}

function leadsBack(source: Source, sources: readonly Source[], name: string): boolean {
  const [seen, ahead] = [new Set<string>(), [name]]
  for (const each of ahead) {
    if (each === source.stream.name) return true
    if (!seen.has(each)) ahead.push(...chainsOf(before(source, sources, each)))
    seen.add(each)
  }
  return false
}

/** The streams that a source waits for. */
function chainsOf(source: Source | undefined): string[] {
  const all = source ? schedulesOf(source.stream.schedule, source.options) : []
  return all.flatMap(schedule => ('after' in schedule ? [schedule.after] : []))
}
