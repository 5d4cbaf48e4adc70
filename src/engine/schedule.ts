import { milliseconds } from '../core/duration.ts'
import { partKey } from '../core/part.ts'
import type { Source } from '../core/source.ts'
import { type Pause, readPauses } from '../db/pauses.ts'
import { type Schedule, setSchedules, takeDue } from '../db/schedules.ts'
import type { Engine } from './engine.ts'
import { plan } from './plan.ts'

/** Writes down how often each source is looked at. */
export function scheduleSources({ store, sources }: Engine): Promise<void> {
  return setSchedules(store, sources.map(scheduleOf))
}

function scheduleOf({ connector, account, stream }: Source): Schedule {
  return { connector: connector.name, account, stream: stream.name, every: milliseconds(stream.every) }
}

/** Plans what is due now, paused parts aside. A duty of whoever has the role of the scheduler. */
export async function planDue(engine: Engine): Promise<void> {
  const due = await takeDue(engine.store)
  if (due.length === 0) return
  const pauses = await readPauses(engine.store)
  for (const source of engine.sources.filter(each => due.some(schedule => isOf(schedule, each)))) {
    const parts = source.stream
      .parts(source.options)
      .filter(part => !pauses.some(pause => holds(pause, source, partKey(part))))
    await plan(engine, { source, parts, cause: 'schedule' })
  }
}

function isOf(schedule: Schedule, source: Source): boolean {
  const { connector, account, stream } = scheduleOf(source)
  return schedule.connector === connector && schedule.account === account && schedule.stream === stream
}

function holds(pause: Pause, { connector, account, stream }: Source, part: string): boolean {
  const same = pause.connector === connector.name && pause.account === account && pause.stream === stream.name
  return same && (Object.keys(pause.part).length === 0 || partKey(pause.part) === part)
}
