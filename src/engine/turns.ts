import { Cron } from 'croner'
import { type Duration, milliseconds } from '../core/duration.ts'
import { type Schedule, zoneOf } from '../core/schedule.ts'

/** The arithmetic of schedules: pure functions of a moment. The only file that knows the cron library. */

/** A turn that is taken so long after its time (ms) was missed, because nothing ran. */
const missed = 60_000

/** The first turn after a moment; undefined for a chain, which no clock makes due. */
export function nextTurn(schedule: Schedule, after: Date): Date | undefined {
  if ('after' in schedule) return undefined
  if ('every' in schedule) {
    const period = milliseconds(schedule.every)
    return new Date((Math.floor(after.getTime() / period) + 1) * period)
  }
  const pattern = 'cron' in schedule ? schedule.cron : cronOfTime(schedule.daily)
  return cronOf(spelledOut(pattern), zoneOf(schedule)).nextRun(after) ?? undefined
}

/** When it is looked again whether today has been collected; undefined for what has no such look. */
export function nextCheck(schedule: Schedule, now: Date): Date | undefined {
  if (!('daily' in schedule) || schedule.catchUp === 'skip') return undefined
  return new Date(now.getTime() + milliseconds(schedule.check ?? '5m'))
}

/** Whether a turn comes so late that it was missed, and its schedule does not want missed ones to be made up. */
export function isLeftOut(schedule: Schedule, turn: Date, now: Date): boolean {
  return schedule.catchUp === 'skip' && now.getTime() - turn.getTime() > missed
}

/** The day of a moment on the clocks of a zone, as a text that is equal for equal days. */
export function dayIn(zone: string, moment: Date): string {
  const form = { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' } as const
  return new Intl.DateTimeFormat('en-CA', form).format(moment)
}

/** What is wrong with a schedule; undefined when nothing is. */
export function problemOf(schedule: Schedule): string | undefined {
  const named = ['every', 'cron', 'daily', 'after'].filter(name => name in schedule)
  if (named.length !== 1) return 'it must say one of every, cron, daily and after'
  if ('every' in schedule) return problemOfLength(schedule.every)
  if ('after' in schedule) return undefined
  if (!isZone(zoneOf(schedule))) return `there is no time zone "${zoneOf(schedule)}"; write one as Europe/Moscow or UTC`
  return 'cron' in schedule ? problemOfCron(schedule) : problemOfDaily(schedule)
}

function problemOfDaily({ daily, check }: { daily: string; check?: Duration | undefined }): string | undefined {
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(daily)) return `"${daily}" is no time of day; write one as 03:00`
  return check === undefined ? undefined : problemOfLength(check)
}

function problemOfCron(schedule: Schedule & { cron: string }): string | undefined {
  const { cron } = schedule
  if (cron.trim().split(/\s+/).length !== 5)
    return `"${cron}" has not the five fields of a cron: minute, hour, day of the month, month, day of the week`
  try {
    cronOf(cron, 'UTC')
    return nextTurn(schedule, new Date(0)) ? undefined : `"${cron}" names a day that never comes`
  } catch (error) {
    return `"${cron}" is no cron: ${String((error as Error).message).replace(/^CronPattern: /, '')}`
  }
}

function problemOfLength(duration: Duration): string | undefined {
  try {
    return milliseconds(duration) >= 1_000 ? undefined : `"${duration}" is shorter than a second`
  } catch (error) {
    return (error as Error).message
  }
}

function isZone(zone: string): boolean {
  try {
    return dayIn(zone, new Date(0)) !== ''
  } catch {
    return false
  }
}

function cronOfTime(time: string): string {
  const [hour, minute] = time.split(':').map(Number)
  return `${minute} ${hour} * * *`
}

function cronOf(pattern: string, timezone: string): Cron {
  return new Cron(pattern, { timezone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' })
}

/**
 * A pattern with hours of its own names times of day, even where it writes them as steps: spelled out, the library treats
 * them so when clocks are changed. With any hour it is an interval, and stays as it is.
 */
function spelledOut(pattern: string): string {
  const [minute = '', hour = '', ...days] = pattern.trim().split(/\s+/)
  return hour === '*' ? pattern : [listOf(minute, 59), listOf(hour, 23), ...days].join(' ')
}

/** A field without stars and steps: its numbers. */
function listOf(field: string, last: number): string {
  return field
    .split(',')
    .map(item => numbersOf(item, last))
    .join(',')
}

function numbersOf(item: string, last: number): string {
  const [range, from = '0', to = String(last), step = '1'] = /^(?:\*|(\d+)-(\d+))(?:\/(\d+))?$/.exec(item) ?? []
  if (range === undefined) return item
  const [first, end, width] = [Number(from), Number(to), Number(step)]
  return Array.from({ length: Math.floor((end - first) / width) + 1 }, (_, at) => first + at * width).join(',')
}
