import { Refusal } from './answer.ts'

/** The body of a call, read field by field; what has another type than the description says is refused. */
export type Body = Record<string, unknown>

/** @throws Refusal 400 for anything but a JSON object; a missing body is none. */
export function bodyOf(text: string): Body {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Body
  } catch {
    throw invalid('request body is not JSON')
  }
  throw invalid('request body is not an object')
}

export function invalid(message: string): Refusal {
  return new Refusal(400, 3, `Request validation error: ${message}`)
}

export function texts(body: Body, name: string, most = Number.POSITIVE_INFINITY): string[] {
  const list = body[name] ?? []
  if (!Array.isArray(list) || list.some(one => typeof one !== 'string')) throw invalid(`${name} takes strings`)
  if (list.length > most) throw invalid(`${name} takes at most ${most} values`)
  return list
}

/** Ids of 64 bits, which requests carry as strings of digits. */
export function ids(body: Body, name: string, most?: number): number[] {
  const list = texts(body, name, most)
  if (list.some(one => !/^\d{1,19}$/.test(one))) throw invalid(`${name} takes ids`)
  return list.map(Number)
}

export function numbers(body: Body, name: string): number[] {
  const list = body[name] ?? []
  if (!Array.isArray(list) || list.some(one => !Number.isInteger(one))) throw invalid(`${name} takes numbers`)
  return list
}

export function string(body: Body, name: string): string {
  const value = body[name] ?? ''
  if (typeof value !== 'string') throw invalid(`${name} takes a string`)
  return value
}

export function oneOf(body: Body, name: string, allowed: readonly string[]): string {
  const value = string(body, name) || allowed[0]!
  if (!allowed.includes(value)) throw invalid(`${name} has no value ${value}`)
  return value
}

export function whole(body: Body, name: string, least: number, most: number): number {
  const value = body[name]
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number
  throw invalid(`${name} must be a number of [${least}, ${most}]`)
}

export function object(body: Body, name: string): Body | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${name} takes an object`)
  return value as Body
}

/** What a cursor stands for: the place of the next product, and how many of its rows have been told. */
export type Place = { at: number; told: number }

export function cursorOf({ at, told }: Place): string {
  return Buffer.from(JSON.stringify([at, told])).toString('base64')
}

/** @throws Refusal 400 for a cursor that was never given out. */
export function placeOf(cursor: string): Place {
  if (cursor === '') return { at: 0, told: 0 }
  try {
    const [at, told]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64').toString())
    if (Number.isInteger(at) && Number.isInteger(told)) return { at: at as number, told: told as number }
  } catch {
    throw invalid('cursor is invalid')
  }
  throw invalid('cursor is invalid')
}
