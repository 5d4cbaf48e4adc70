import { flag, type Notes } from './notes.ts'

export type Thing = Readonly<Record<string, unknown>>

export function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The things of a list; whatever else is in it is left out. */
export function thingsOf(value: unknown): readonly Thing[] {
  return listOf(value).filter(isThing)
}

/** What a field holds, which may be JSON in a text. A text that begins like JSON and is none says nothing. */
export function unwrapped(notes: Notes, field: string, value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return flag(notes, field, 'unreadable')
  }
}
