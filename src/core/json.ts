/**
 * Parses JSON without losing a digit. A number of up to 15 significant digits is exact as a JavaScript number; when the
 * text holds a longer one (an id over 2^53, a long decimal) or one too large or too small for a float, that number
 * arrives as its source text, a string.
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExact(text: string): unknown {
  return unusual.test(text) ? JSON.parse(text, keepSource) : JSON.parse(text)
}

/**
 * Sixteen digits in a row with an optional point between them, or an exponent of three digits. It may match inside a
 * string, which costs only time.
 */
const unusual = /\d(?:\.?\d){15}|\de[+-]?\d{3}/i

/** Beyond these a float has fewer digits, or becomes 0 or Infinity. */
const [smallest, largest] = [1e-290, 1e290]

function keepSource(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined) return value
  const digits = significantDigits(source)
  const size = Math.abs(value)
  return digits === 0 || (digits <= 15 && size > smallest && size < largest) ? value : source
}

function significantDigits(number: string): number {
  const [digits = ''] = number.split(/e/i)
  return digits.replace(/[-.]/g, '').replace(/^0+/, '').length
}
