import { fold, remembered } from './text.ts'
import { linesOf } from './words.ts'

/** A parameter of the spec tables: what we call it, and what its values are. */
export type Param = { key: string; type: string }

type Shelves = { pairs: Map<string, Param>; alone: Map<string, Param | undefined>; russian: Map<string, Param> }

let shelves: Shelves | undefined

/** params.tsv by group and name, by the names that mean one thing in all groups, and by the Russian names. */
function shelvesOfParams(): Shelves {
  if (shelves) return shelves
  shelves = { pairs: new Map(), alone: new Map(), russian: new Map() }
  for (const [group = '', names = '', key = '', type = '', , , russian = ''] of linesOf('params')) {
    const param = { key, type }
    for (const name of names.split('|').map(fold)) {
      const other = shelves.alone.get(name)
      shelves.pairs.set(`${fold(group)}\t${name}`, param)
      shelves.alone.set(name, shelves.alone.has(name) && other?.key !== key ? undefined : param)
    }
    for (const name of russian.split('|').map(fold)) if (!shelves.russian.has(name)) shelves.russian.set(name, param)
  }
  return shelves
}

/** What was found before, by group and name as they were written. */
const before = new Map<string, Map<string, Param | undefined>>()

/** More groups and names than there are: what comes beyond them is looked for each time. */
const [mostGroups, mostNames] = [200, 1_000]

/**
 * The parameter of this name in this group: the same name means other things in other groups, and ids are not stable. In a
 * group that it is not known from, only a name that means one thing everywhere is taken.
 */
export function paramOf(group: string, name: string): Param | undefined {
  let names = before.get(group)
  if (!names) {
    names = new Map()
    if (before.size < mostGroups) before.set(group, names)
  }
  const known = names.get(name)
  if (known || names.has(name)) return known
  const { pairs, alone } = shelvesOfParams()
  const word = fold(name)
  const param = pairs.get(`${fold(group)}\t${word}`) ?? alone.get(word)
  if (names.size < mostNames) names.set(name, param)
  return param
}

const searchRussian = remembered(name => shelvesOfParams().russian.get(fold(name)) ?? null)

/** The parameter that the vendor's Russian documentation calls so. */
export function russianParamOf(name: string): Param | undefined {
  return searchRussian(name) ?? undefined
}
