import { Refusal } from './answer.ts'

/** The parameters of a call, each at most once, none that the endpoint does not know. */
export type Parameters = ReadonlyMap<string, string>

/**
 * @throws Refusal -1101 for a parameter that comes twice or that the endpoint does not know.
 */
export function parametersOf(query: URLSearchParams, known: readonly string[]): Parameters {
  const parameters = new Map(query)
  if (parameters.size !== query.size) throw new Refusal(-1101, 'Duplicate values for a parameter detected.')
  const extra = [...parameters.keys()].filter(name => !known.includes(name)).length
  if (extra > 0) {
    throw new Refusal(-1101, `Too many parameters; expected '${known.length}' and received '${known.length + extra}'.`)
  }
  return parameters
}

/** @throws Refusal -1102 when it is missing or empty. */
export function mandatory(parameters: Parameters, name: string): string {
  const value = parameters.get(name)
  if (value) return value
  throw new Refusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`)
}

/** @throws Refusal -1100 when it is anything but digits. */
export function whole(parameters: Parameters, name: string): number | undefined {
  const value = parameters.get(name)
  if (value === undefined) return undefined
  return Number(legal(name, value, /^[0-9]{1,20}$/))
}

/** Times may be sent in ms or in µs (CHANGELOG 2024-12-17); this is ms. */
export function time(parameters: Parameters, name: string): number | undefined {
  const value = whole(parameters, name)
  return value !== undefined && value > 1e14 ? Math.floor(value / 1000) : value
}

/** Upper case, digits and whatever is not ASCII: symbols may hold such characters (rest-api.md). */
export function symbolName(text: string): string {
  return legal('symbol', text, /^[A-Z0-9\-_.\u0080-\u{10ffff}]{1,50}$/u)
}

function legal(name: string, value: string, range: RegExp): string {
  if (range.test(value)) return value
  throw new Refusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range.source}'.`)
}
