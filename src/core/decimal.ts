import Big from 'big.js'

const plain = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/
const readable = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?$/i

/** Where a numeric column ends: how many digits in all and how many of them after the point. */
export type Scale = { precision: number; scale: number }

/**
 * The plain decimal text of a number, digit for digit: `5E-8` is `0.00000005`, and no float is met on the way.
 * Undefined when the value is no number at all (an empty text, `NaN`, `1,5`): it is never read as 0.
 */
export function decimal(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? decimal(String(value)) : undefined
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'string') return undefined
  if (plain.test(value)) return value
  const trimmed = value.trim()
  return readable.test(trimmed) ? new Big(trimmed.replace(/^\+/, '')).toFixed() : undefined
}

/** Says why a plain decimal text does not fit a column without being rounded; undefined when it fits. */
export function misfit(text: string, { precision, scale }: Scale): string | undefined {
  const point = text.indexOf('.')
  const whole = point < 0 ? text : text.slice(0, point)
  const digits = whole.replace(/^-?0*/, '').length
  if (digits > precision - scale) return `has ${digits} digits before the point; the column holds ${precision - scale}`
  const places = point < 0 ? 0 : text.slice(point + 1).replace(/0+$/, '').length
  if (places > scale) return `has ${places} decimals; the column holds ${scale} and would round it`
  return undefined
}
