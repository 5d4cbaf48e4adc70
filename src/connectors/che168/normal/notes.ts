/**
 * What is noticed while an advert is read.
 *
 * - flags: `field:what`, such as `price:unreadable`
 * - unmapped: words that no dictionary knows, by their field
 */
export type Notes = { flags: Set<string>; unmapped: Record<string, string> }

/** Why a value of a field is NULL, or is to be taken with care. The meaning of each is told in docs/che168.md. */
export type Flag =
  | 'high'
  | 'unreadable'
  | 'out-of-range'
  | 'zero'
  | 'conflict'
  | 'unmapped'
  | 'ambiguous'
  | 'mismatch'
  | 'masked'
  | 'invalid'
  | 'foreign'
  | 'partial'
  | 'month-only'
  | 'year-only'

export function newNotes(): Notes {
  return { flags: new Set(), unmapped: {} }
}

export function flag({ flags }: Notes, field: string, what: Flag): undefined {
  flags.add(`${field}:${what}`)
  return undefined
}

/** Counts a word that the dictionary of this field does not have, as it was written (200 characters of it). */
export function unmap(notes: Notes, field: string, word: string): undefined {
  notes.unmapped[field] ??= word.slice(0, 200).toWellFormed()
  return flag(notes, field, 'unmapped')
}
