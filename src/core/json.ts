/**
 * Parses JSON without losing a digit. A number of up to 15 significant digits is exact as a JavaScript number; when the
 * text holds a longer one (an id over 2^53, a long decimal), that number arrives as its source text, a string.
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExact(text: string): unknown {
  return longNumber.test(text) ? JSON.parse(text, keepSource) : JSON.parse(text)
}

/** Sixteen digits in a row with an optional point between them. It may match inside a string, which costs only time. */
const longNumber = /\d(?:\.?\d){15}/

function keepSource(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || source === undefined) return value
  return significantDigits(source) > 15 ? source : value
}

function significantDigits(number: string): number {
  const [digits = ''] = number.split(/e/i)
  return digits.replace(/[-.]/g, '').replace(/^0+/, '').length
}
