import { decimal, misfit, type Scale } from '../core/decimal.ts'

/** A column as the catalogue has it. */
export type Column = { name: string; type: string; nullable: boolean; encode: Encode }

/** Why a value cannot be stored as it is. */
export class Misfit {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/** The text PostgreSQL reads for a value of this column, exactly; or why there is none. */
export type Encode = (value: unknown) => string | Misfit

/** The encoder of a column type, by the catalogue's own name of it (`numeric(20,8)`); undefined for a type we do not write. */
export function encoderOf(type: string): Encode | undefined {
  const scale = /^numeric\((\d+),(\d+)\)$/.exec(type)
  if (scale) return numeric({ precision: Number(scale[1]), scale: Number(scale[2]) })
  return encoders[type]
}

const encoders: Readonly<Record<string, Encode>> = {
  smallint: integer(-32_768n, 32_767n),
  integer: integer(-2_147_483_648n, 2_147_483_647n),
  bigint: integer(-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n),
  numeric: value => decimal(value) ?? new Misfit('is not a number'),
  text,
  boolean: value => (typeof value === 'boolean' ? String(value) : new Misfit('is neither true nor false')),
  'timestamp with time zone': instant,
  date: value => (isDate(value) ? value : new Misfit('is not a date such as 2026-03-01')),
  jsonb,
}

/** A day of the calendar, as ISO 8601 writes it. The first 28 days are in every month. */
function isDate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value) || value < '0001') return false
  if (/-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/.test(value)) return true
  const midnight = new Date(`${value}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(value)
}

/** Most values are plain decimals that fit: one regular expression says so. The rest is looked at more closely. */
function numeric(scale: Scale): Encode {
  const fits = new RegExp(`^-?\\d{1,${scale.precision - scale.scale}}(?:\\.\\d{1,${scale.scale || 1}})?$`)
  return value => {
    if (typeof value === 'string' && scale.scale > 0 && fits.test(value)) return value
    const plain = decimal(value)
    if (plain === undefined) return new Misfit('is not a number')
    const reason = misfit(plain, scale)
    return reason === undefined ? plain : new Misfit(reason)
  }
}

function integer(min: bigint, max: bigint): Encode {
  const [low, high] = [Number(min), Number(max)]
  return value => {
    if (typeof value === 'number') {
      const exact = Number.isSafeInteger(value) && value >= low && value <= high
      return exact ? String(value) : new Misfit(`is not a whole number between ${min} and ${max}`)
    }
    const whole = typeof value === 'bigint' || (typeof value === 'string' && /^-?\d{1,20}$/.test(value))
    const inside = whole && BigInt(value) >= min && BigInt(value) <= max
    return inside ? String(value) : new Misfit(`is not a whole number between ${min} and ${max}`)
  }
}

function text(value: unknown): string | Misfit {
  if (typeof value !== 'string') return new Misfit('is not a text')
  return value.includes('\u0000') || !value.isWellFormed() ? unstorable : value
}

/** What PostgreSQL keeps in no text. */
const unstorable = new Misfit('holds a NUL or half a character')

/** The same as JSON text has it: an escape whose backslash is not itself escaped. */
const escaped = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

function jsonb(value: unknown): string | Misfit {
  const written = JSON.stringify(value)
  if (written === undefined) return new Misfit('is nothing that JSON can hold')
  return written.includes('\\u') && escaped.test(written) ? unstorable : written
}

const day = 86_400_000

/** The years that PostgreSQL and ISO 8601 write alike. */
const [first, end] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T00:00:00Z') + day]

function instant(value: unknown): string | Misfit {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return new Misfit('is not an instant')
  const moment = value.getTime()
  return moment >= first && moment < end ? isoText(moment) : new Misfit('lies outside of the years 1 to 9999')
}

let latest = { day: Number.NaN, date: '' }
const two = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** What `toISOString` writes, in a tenth of its time: the instants of a page share their days, and a date is made once. */
function isoText(moment: number): string {
  const number = Math.floor(moment / day)
  if (number !== latest.day) latest = { day: number, date: new Date(number * day).toISOString().slice(0, 10) }
  const ms = moment - number * day
  const minutes = `${two[Math.floor(ms / 3_600_000)]}:${two[Math.floor(ms / 60_000) % 60]}`
  return `${latest.date}T${minutes}:${two[Math.floor(ms / 1000) % 60]}.${String(ms % 1000).padStart(3, '0')}Z`
}
