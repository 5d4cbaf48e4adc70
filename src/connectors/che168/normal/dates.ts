import { flag, type Notes } from './notes.ts'
import { told } from './text.ts'

/** A day as ISO 8601 writes it. Of a month it is the first, which nobody said. */
export type Day = { date: string; precision: 'day' | 'month' | 'year' }

const forms = /^(\d{4})(?:[-./年](\d{1,2})(?:[-./月](\d{1,2})日?)?月?|年)?(?:[T ]\d\d:\d\d.*)?$/

/** Reads 2019-06-01, 2019-06, 2019.06, 2019/6, 2019年6月 and an instant, of which the day is as it is written. */
export function dayOf(text: string): Day | undefined {
  const found = forms.exec(text)
  if (!found) return undefined
  const [, year = '', month = '1', day = '1'] = found
  if (!isDay(Number(year), Number(month), Number(day))) return undefined
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return { date, precision: found[3] ? 'day' : found[2] ? 'month' : 'year' }
}

const longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether the calendar has that day: a Date would tell it too, in ten times the time. */
function isDay(year: number, month: number, day: number): boolean {
  if (day < 1 || day > (longest[month - 1] ?? 0)) return false
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0))
}

/**
 * The day a field says, no later than the end of next year (`latest`, a year); a year alone is none.
 * Nor is a number with a point, for it has lost its zero: October, 2019.10, would be January.
 */
export function date(notes: Notes, field: string, value: unknown, latest: number): Day | undefined {
  if (typeof value === 'number' && !Number.isInteger(value)) return flag(notes, field, 'unreadable')
  const text = told(value)
  if (text === undefined)
    return value === undefined || typeof value === 'string' || value === null
      ? undefined
      : flag(notes, field, 'unreadable')
  const day = dayOf(text) ?? dayOf(text.normalize('NFKC'))
  if (!day) return flag(notes, field, 'unreadable')
  const year = Number(day.date.slice(0, 4))
  if (year < 1900 || year > latest) return flag(notes, field, 'out-of-range')
  return day.precision === 'year' ? flag(notes, field, 'year-only') : day
}
