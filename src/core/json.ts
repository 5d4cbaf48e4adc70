/**
 * Parses JSON without losing a digit. A number of up to 15 significant digits is exact as a JavaScript number; when the
 * text holds a longer one (an id over 2^53, a long decimal) or one too large or too small for a float, that number
 * arrives as its source text, a string.
 * @throws SyntaxError when the text is not JSON.
 */
export function parseExact(text: string): unknown {
  return JSON.parse(suspicious.test(text) ? quoteUnusual(text) : text)
}

/**
 * What may be a number of sixteen digits or with an exponent: most texts hold nothing that looks like one, which this says in
 * half of the time that it takes to look at every value.
 */
const suspicious = /(?:^|[[:,\s])-?\d(?:[\d.]{15}|[\d.]*[eE])/

const [quote, backslash, plus, minus, point, zero, nine, colon, largeE, smallE] = [
  34, 92, 43, 45, 46, 48, 57, 58, 69, 101,
]

/**
 * The text with quotes around each number that must stay text. Only those of sixteen digits or with an exponent are
 * looked at. A look at each character takes a tenth of the time a regular expression does, and a parser that is asked
 * for the source of each number takes six times as long as one that is not.
 */
function quoteUnusual(text: string): string {
  let [quoted, done, digits] = ['', 0, 0]
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= zero && code <= nine) digits++
    else if (code !== point && (digits === 0 || (code !== smallE && code !== largeE))) digits = 0
    if (code === quote) at = endOfString(text, at)
    else if (digits === 16 || (digits > 0 && (code === smallE || code === largeE))) {
      const [start, end] = boundsOf(text, at)
      if (isUnusual(text, start, end)) {
        quoted += `${text.slice(done, start)}"${text.slice(start, end)}"`
        done = end
      }
      digits = 0
      at = end - 1
    }
  }
  return done === 0 ? text : quoted + text.slice(done)
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charCodeAt(at) !== quote) at += text.charCodeAt(at) === backslash ? 2 : 1
  return at
}

/** Where the number at this place begins and ends, with all characters that numbers are made of. */
function boundsOf(text: string, at: number): [start: number, end: number] {
  let [start, end] = [at, at + 1]
  while (isOfNumber(text.charCodeAt(start - 1))) start--
  while (isOfNumber(text.charCodeAt(end))) end++
  return [start, end]
}

function isOfNumber(code: number): boolean {
  const isDigit = code >= zero && code <= nine
  return isDigit || code === point || code === plus || code === minus || code === smallE || code === largeE
}

/** Beyond these a float has fewer digits, or becomes 0 or Infinity. */
const [smallest, largest] = [1e-290, 1e290]

/** What is no number, or stands in the place of a key, is left to the parser to refuse. */
function isUnusual(text: string, start: number, end: number): boolean {
  const source = text.slice(start, end)
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(source) || isKey(text, end)) return false
  const digits = significantDigits(source)
  const size = Math.abs(Number(source))
  return digits > 15 || (digits > 0 && (size <= smallest || size >= largest))
}

function isKey(text: string, end: number): boolean {
  let at = end
  while (' \t\n\r'.includes(text.charAt(at)) && at < text.length) at++
  return text.charCodeAt(at) === colon
}

function significantDigits(number: string): number {
  const [digits = ''] = number.split(/e/i)
  return digits.replace(/[-.]/g, '').replace(/^0+/, '').length
}
