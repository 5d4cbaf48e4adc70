import { z } from 'zod'

/**
 * The building stones of settings. A value may come from `sluice.yaml` (typed), from the environment or from a flag
 * (text); each stone reads both. `.meta({ env, flag, about })` says under which names it may be given;
 * what is `secret` is hidden in every message, and has no flag, because what flags say is stored with runs. `parts` says of a
 * flag that it only chooses which parts are meant.
 */
export type OptionMeta = { env?: string; flag?: string; about?: string; secret?: boolean; parts?: boolean }

/** A list: `['A', 'B']` in YAML, and `A,B` or `['A','B']` as text; of `least` items. Doubles are dropped. */
export function list<T extends z.ZodType>(item: T, least = 1) {
  return z.preprocess(
    value => (typeof value === 'string' ? listItems(value) : value),
    z.array(item).min(least).transform(unique),
  )
}

/** An instant: a date (`2025-01-01`) or a time; without a zone it is UTC. Nothing lies before `earliest`. */
export function instant(earliest = new Date(0)) {
  return z.preprocess(
    (value, context) => {
      const moment = value instanceof Date ? value : readInstant(String(value))
      if (moment) return moment
      context.issues.push({
        code: 'custom',
        input: value,
        message: 'is not a date; write 2025-01-01 or 2025-01-01T12:00:00Z',
      })
      return z.NEVER
    },
    z.date().min(earliest, `lies before ${earliest.toISOString().slice(0, 10)}; there is nothing to collect then`),
  )
}

/** A whole number within bounds. */
export function count(min: number, max: number) {
  return z.preprocess(
    value => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
    z.int(whole(min, max)).min(min, whole(min, max)).max(max, whole(min, max)),
  )
}

/** A number of seconds, fractions allowed, to the millisecond. */
export function seconds(max: number) {
  return z.preprocess(
    value => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
    z
      .number(number(0, max))
      .min(0, number(0, max))
      .max(max, number(0, max))
      .transform(value => Math.round(value * 1000) / 1000),
  )
}

function whole(min: number, max: number): string {
  return `must be a whole number between ${min} and ${max}`
}

function number(min: number, max: number): string {
  return `must be a number between ${min} and ${max}`
}

function listItems(text: string): string[] {
  const inner = text.trim().replace(/^\[(.*)\]$/s, '$1')
  return inner
    .split(',')
    .map(item => item.trim().replace(/^(['"])(.*)\1$/, '$2'))
    .filter(item => item !== '')
}

function unique<T>(items: T[]): T[] {
  return [...new Set(items)]
}

const date = /^\d{4}-\d{2}-\d{2}$/
const time = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?$/
const zoned = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** Reads a date or time; undefined when it is neither, or a day that does not exist (2025-02-30). */
export function readInstant(text: string): Date | undefined {
  const trimmed = text.trim()
  const iso = date.test(trimmed)
    ? `${trimmed}T00:00:00Z`
    : time.test(trimmed)
      ? `${trimmed.replace(' ', 'T')}Z`
      : trimmed
  if (!zoned.test(iso)) return undefined
  const moment = new Date(iso)
  if (Number.isNaN(moment.getTime())) return undefined
  const day = Number(iso.slice(8, 10))
  return day > daysIn(Number(iso.slice(0, 4)), Number(iso.slice(5, 7))) ? undefined : moment
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
