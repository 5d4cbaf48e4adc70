import { flag, type Notes } from './notes.ts'
import { told } from './text.ts'

const grammar = /^[A-HJ-NPR-Z0-9]{17}$/

/** Stars, or so many X in a row as no maker writes, stand in the place of what the seller hides. */
const masked = /[*•×]|X{4}/

/** The vehicle's number; NULL where part of it is hidden or it is none. Two adverts may have the same one. */
export function vinOf(value: unknown, notes: Notes): string | undefined {
  const text = told(value)?.normalize('NFKC').toUpperCase()
  if (text === undefined) return undefined
  if (masked.test(text)) return flag(notes, 'vin', 'masked')
  return grammar.test(text) ? text : flag(notes, 'vin', 'invalid')
}
