import { hideSecrets } from './secret.ts'

/**
 * What people read of us, made fit to be read by anybody: no secret of this process, no e-mail address, no phone number.
 * Every log line goes through it, and every text about a failure that is stored. What the user asks for as data (`sluice sql`,
 * `sluice export`) does not.
 */
export function conceal(text: string): string {
  return personal.reduce((rest, pattern) => rest.replace(pattern, '$1***'), hideSecrets(text))
}

/** Letters and digits of any script, and the signs of the part before the @. Percent-encoded, the @ is %40. */
const mailbox = String.raw`(?<![\p{L}\p{N}._%+-])()[\p{L}\p{N}._%+-]{1,256}(?:@|%40)`
const domain = String.raw`(?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])`

/** What may stand before a number: no letter or digit, unless it belongs to an escape (`\n`, `%20`); no part of a longer number. */
const before = String.raw`(?:(?<![\w+])|(?<=\\[nrt]|%[\dA-Fa-f]{2}))(?<!\d[.,]|\w-)()`

/** What may not follow a number: more of it, or of a word, an order (`89991234567-0001`) or a decimal. */
const after = String.raw`(?!\w|-\w|[.,]\d)`
const gap = String.raw`(?:[ \u00a0()-]|%20|%28|%29){0,3}`

/**
 * Numbers are told from ids, prices and times by how people write phones: with a plus and 9 to 15 digits of which the
 * first is no zero (E.164), the Russian way (8 or 7, then ten digits, which begin with 9 if nothing divides them), with
 * the area in brackets, or under a name that says so. A bare row of digits of any other kind is an id.
 */
const personal: readonly RegExp[] = [
  new RegExp(mailbox + domain, 'giu'),
  new RegExp(String.raw`${before}(?:\+|%2B)[1-9](?:${gap}\d){8,14}${after}`, 'gi'),
  new RegExp(String.raw`${before}[78]9\d{9}${after}`, 'g'),
  new RegExp(String.raw`${before}[78][ \u00a0-]?(?:\(\d{3}\)[ \u00a0-]?|\d{3}[ \u00a0-])${local()}${after}`, 'g'),
  new RegExp(String.raw`${before}\(\d{3}\)[ \u00a0-]?${local()}${after}`, 'g'),
  /((?:phone|mobile|telefon|msisdn|\btel)(?:[_-]?(?:number|no|num))?\\?["']?\s{0,3}[=:]\s{0,3}\\?["']?)[+(]?\d[\d ()-]{5,18}\d/gi,
]

/** The seven digits behind the area: 123-45-67. */
function local(): string {
  return String.raw`\d{3}[ \u00a0-]?\d{2}[ \u00a0-]?\d{2}`
}
