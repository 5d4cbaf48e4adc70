import { flag, type Notes } from './notes.ts'

export type Thing = Readonly<Record<string, unknown>>

export function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Null or an empty list, as some languages write that there is nothing. */
export function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}

/** Nothing, a text or a number: what a field can hold in which a single value belongs. */
export function isPlain(value: unknown): boolean {
  return value === undefined || isEmpty(value) || typeof value === 'string' || typeof value === 'number'
}

/** The things of a list; whatever else is in it is left out. */
export function thingsOf(value: unknown): readonly Thing[] {
  return listOf(value).filter(isThing)
}

/**
 * What a field holds, which may be JSON in a text. A text that begins like JSON and is none says nothing. Signs that no database
 * stores, which JSON in JSON can bring along, are left out.
 */
export function unwrapped(notes: Notes, field: string, value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return /\\u(?:0000|d[89a-f])/i.test(value) ? JSON.parse(value, storable) : JSON.parse(value)
  } catch {
    return flag(notes, field, 'unreadable')
  }
}

function storable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value
}

/** The thing in a field, which may be JSON in a text. */
export function thingIn(notes: Notes, field: string, value: unknown): Thing | undefined {
  const found = unwrapped(notes, field, value)
  if (isThing(found)) return found
  return found === undefined || found === '' || isEmpty(found) ? undefined : flag(notes, field, 'unreadable')
}
