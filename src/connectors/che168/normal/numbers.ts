import { isEmpty } from './json.ts'
import { flag, type Notes } from './notes.ts'
import { told } from './text.ts'

const plain = /^[+-]?\d+(?:\.\d+)?$/
const counted = /^([+-]?\d+(?:\.\d+)?) ?(万|亿)?(?:元|公里|km)?$/i
const times: Readonly<Record<string, number>> = { 万: 10_000, 亿: 100_000_000 }

/**
 * The number a field says: 1.5 of "1.5", 184 of "184.0". Undefined where it says nothing; NaN where it says something that is
 * no number, of which no digit is guessed.
 */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const text = told(value)
  if (text === undefined) return isNothing(value) ? undefined : Number.NaN
  return Number(plain.test(text) ? text : narrow(text))
}

function isNothing(value: unknown): boolean {
  return value === undefined || typeof value === 'string' || isEmpty(value)
}

/** Digits of full width are digits. */
function narrow(text: string): string {
  const narrowed = text.normalize('NFKC')
  return plain.test(narrowed) ? narrowed : 'no number'
}

/** As `numberOf`, of a sum or a distance that may be counted in 万 (10,000) or 亿 (100,000,000): 310800 of "31.08万". */
export function amountOf(value: unknown): number | undefined {
  const text = typeof value === 'string' ? told(value) : undefined
  const found = text === undefined ? null : (counted.exec(text) ?? counted.exec(text.normalize('NFKC')))
  if (!found) return numberOf(value)
  const [, digits, unit = ''] = found
  const factor = times[unit]
  return factor === undefined ? Number(digits) : Math.round(Number(digits) * factor * 1000) / 1000
}

/** What a number of a field may be; `fine` keeps what stands behind the point, otherwise it must be whole. */
export type Bounds = { min: number; max: number; fine?: boolean }

/** The number if it can be that of this field; otherwise a flag says why there is none. */
export function within(notes: Notes, field: string, value: number | undefined, { min, max, fine }: Bounds) {
  if (value === undefined) return undefined
  if (Number.isNaN(value) || !(fine || Number.isInteger(value))) return flag(notes, field, 'unreadable')
  return value >= min && value <= max ? value : flag(notes, field, 'out-of-range')
}

/** The number that a field says, within its bounds. */
export function number(notes: Notes, field: string, value: unknown, bounds: Bounds): number | undefined {
  return within(notes, field, numberOf(value), bounds)
}

/** Of something that is never 0: a 0 means that it is not there. */
export function positive(notes: Notes, field: string, value: unknown, bounds: Bounds): number | undefined {
  const read = numberOf(value)
  return read === 0 ? undefined : within(notes, field, read, bounds)
}

const span = /^\d{1,3}(?: ?[-/~、] ?\d{1,3})*座?$/

/** A range such as "7/8", "4-7" or "5": the least and the most. Undefined where the text is of another form, as "2+2". */
export function spanOf(text: string | undefined): [number, number] | undefined {
  if (text === undefined || !span.test(text)) return undefined
  const numbers = text.match(/\d+/g)!.map(Number)
  return [Math.min(...numbers), Math.max(...numbers)]
}

/** With so many digits behind the point. */
export function rounded(value: number, digits = 0): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}
