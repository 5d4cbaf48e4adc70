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
  jsonb,
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
  return value => {
    if (typeof value === 'number') {
      const exact = Number.isSafeInteger(value) && value >= Number(min) && value <= Number(max)
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
  return escaped.test(written) ? unstorable : written
}

/** Only the years that PostgreSQL and ISO 8601 write alike. */
function instant(value: unknown): string | Misfit {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return new Misfit('is not an instant')
  const year = value.getUTCFullYear()
  return year >= 1 && year <= 9999 ? value.toISOString() : new Misfit('lies outside of the years 1 to 9999')
}
