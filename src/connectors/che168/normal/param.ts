import { fold, remembered } from './text.ts'
import { linesOf } from './words.ts'

/** A parameter of the spec tables: what we call it, what its values are, and in which unit. */
export type Param = { group: string; key: string; type: string; unit: string }

type Shelves = { pairs: Map<string, Param>; alone: Map<string, Param | undefined>; russian: Map<string, Param> }

let shelves: Shelves | undefined

/** params.tsv by group and name, by the names that mean one thing in all groups, and by the Russian names. */
function shelvesOfParams(): Shelves {
  if (shelves) return shelves
  shelves = { pairs: new Map(), alone: new Map(), russian: new Map() }
  for (const [group = '', names = '', key = '', type = '', unit = '', , russian = ''] of linesOf('params')) {
    const param = { group, key, type, unit }
    for (const name of names.split('|').map(fold)) {
      const other = shelves.alone.get(name)
      shelves.pairs.set(`${group}\t${name}`, param)
      shelves.alone.set(name, shelves.alone.has(name) && other?.key !== key ? undefined : param)
    }
    for (const name of russian.split('|').map(fold)) if (!shelves.russian.has(name)) shelves.russian.set(name, param)
  }
  return shelves
}

const search = remembered(pair => {
  const [group = '', name = ''] = pair.split('\t').map(fold)
  const { pairs, alone } = shelvesOfParams()
  return pairs.get(`${group}\t${name}`) ?? alone.get(name) ?? null
})

/**
 * The parameter of this name in this group: the same name means other things in other groups, and ids are not stable. In a
 * group that it is not known from, only a name that means one thing everywhere is taken.
 */
export function paramOf(group: string, name: string): Param | undefined {
  return search(`${group}\t${name}`) ?? undefined
}

const searchRussian = remembered(name => shelvesOfParams().russian.get(fold(name)) ?? null)

/** The parameter that the vendor's Russian documentation calls so. */
export function russianParamOf(name: string): Param | undefined {
  return searchRussian(name) ?? undefined
}
