import type { Duration } from './duration.ts'

/**
 * What makes a stream due:
 *
 *   every    on the beat of an interval, counted from the epoch: `15m` is due at :00, :15, :30 and :45
 *   cron     five fields (minute, hour, day, month, weekday) on the clocks of a zone
 *   daily    at least once a day by this time (`HH:MM`) on the clocks of a zone: beside its turn at that time it is looked
 *            at the start and every `check` (5m) whether today has been collected, and what lacks is collected at once
 *   after    once the open runs of another stream of the account have ended, one of them at least in success or partial
 *
 * A zone is an IANA name (`Europe/Moscow`); UTC when there is none. A time that a zone leaves out on the day its clocks go
 * forward is the next one it has; a time it has twice when they go back counts once. A cron whose hour is `*` is no time
 * of day but an interval, and goes on through such an hour.
 */
type When =
  | { every: Duration }
  | { cron: string; zone?: string | undefined }
  | { daily: string; zone?: string | undefined; check?: Duration | undefined }
  | { after: string }

/**
 * When a stream of an account is due, and what becomes of a turn that cannot be had as it was meant.
 *
 * - catchUp: turns missed while nothing ran are made up by one run now (`once`, the default), or left out (`skip`)
 * - overlap: a part whose run is open at its turn is covered by that run (`skip`, the default), or gets another one as soon
 *   as it has ended (`queue`, the default of a stream that goes through rows of ours and comes `after` another)
 */
export type Schedule = When & { catchUp?: 'once' | 'skip' | undefined; overlap?: 'skip' | 'queue' | undefined }

/** The schedules of a stream: the same for every account, or made from the account's settings. */
export type Schedules<Options> = readonly Schedule[] | Made<Options>['schedules']

/** A method's parameter, unlike that of a property, lets a stream whose settings are forgotten stand for one with its own. */
type Made<Options> = { schedules(options: Options): readonly Schedule[] }

/** The schedules as they hold for these settings. */
export function schedulesOf<Options>(schedules: Schedules<Options>, options: Options): readonly Schedule[] {
  return typeof schedules === 'function' ? schedules(options) : schedules
}

/** When it is due, as people read it, and by which a stream tells its schedules apart: `cron 0 3 * * * Europe/Moscow`. */
export function scheduleText(schedule: Schedule): string {
  if ('every' in schedule) return `every ${schedule.every}`
  if ('after' in schedule) return `after ${schedule.after}`
  const when = 'cron' in schedule ? `cron ${schedule.cron}` : `daily ${schedule.daily}`
  return `${when} ${zoneOf(schedule)}`
}

/** The zone whose clocks count. */
export function zoneOf(schedule: Schedule): string {
  return ('zone' in schedule ? schedule.zone : undefined) ?? 'UTC'
}
