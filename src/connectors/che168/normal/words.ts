import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { flag, type Notes, unmap } from './notes.ts'
import { fold, remembered, told } from './text.ts'

/** The lines of a dictionary (a file of dictionaries/), without its heading; what stands between tabs. */
export function linesOf(name: string): string[][] {
  const file = join(import.meta.dirname, '..', 'dictionaries', `${name}.tsv`)
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(1)
  return lines.map(line => line.split('\t'))
}

let shelves: Map<string, Map<string, string>> | undefined

/** The words of values.tsv by their field, folded. Read when somebody first asks. */
function shelfOf(field: string): Map<string, string> {
  if (!shelves) {
    shelves = new Map()
    for (const [of, word, code] of linesOf('values')) {
      if (!shelves.has(of!)) shelves.set(of!, new Map())
      shelves.get(of!)!.set(fold(word!), code!)
    }
  }
  return shelves.get(field) ?? new Map()
}

/** The code for a word; null where the word is known and says nothing; undefined where it is not known. */
export type Lookup = (word: string) => string | null | undefined

const unknown = '?'

/** The dictionary of a field, whatever the language and the letters of the word. */
export function dictionary(field: string): Lookup {
  const search = remembered(word => shelfOf(field).get(fold(word)) ?? unknown)
  return word => {
    const code = search(word)
    return code === unknown ? undefined : code === '-' ? null : code
  }
}

const longest = 200

/** A name that a field says. What is longer than any name is none: an index holds no row of it, and the advert would be lost. */
export function named(notes: Notes, field: string, value: unknown): string | undefined {
  const name = told(value)
  return name === undefined || name.length <= longest ? name : flag(notes, field, 'unreadable')
}

/** The code for what a field says; a word that the dictionary lacks is counted. */
export function coded(notes: Notes, field: string, value: unknown, look: Lookup): string | undefined {
  const word = told(value)
  if (word === undefined) return undefined
  const code = look(word)
  return code === undefined ? unmap(notes, field, word) : (code ?? undefined)
}
