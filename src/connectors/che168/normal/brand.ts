import type { Thing } from './json.ts'
import { type Notes, unmap } from './notes.ts'
import { fold, isChinese, remembered } from './text.ts'
import { linesOf, named } from './words.ts'

const shelves = new Map<string, Map<string, string>>()

/** A dictionary of names: the name we write is on each line's right; it is known by itself too, however it is written. */
function namesOf(file: string): Map<string, string> {
  const before = shelves.get(file)
  if (before) return before
  const known = new Map<string, string>()
  for (const [words = '', name = ''] of linesOf(file)) {
    for (const word of words.split('|')) known.set(fold(word), name)
    if (!known.has(fold(name))) known.set(fold(name), name)
  }
  for (const [word, name] of [...known]) if (!known.has(bareOf(word))) known.set(bareOf(word), name)
  shelves.set(file, known)
  return known
}

/** Letters and digits alone: "Citroen" is Citroën, and "Mercedes Benz" is Mercedes-Benz. */
function bareOf(word: string): string {
  return word.normalize('NFD').replace(/[\p{M} ·.&'-]/gu, '')
}

/**
 * The brand as we write it. Looked for as it is, without what often stands behind it (汽车, "(进口)"), by its letters alone, and by
 * the Chinese piece of a mixed name ("AITO 问界", "ARCFOX极狐"). Undefined where it is not known.
 */
export const brand: (text: string) => string | undefined = text => find(text) ?? undefined

const find = remembered((text): string | null => {
  const known = namesOf('brands')
  const word = fold(text)
  const bare = word.replace(/ ?\((?:进口|imported)\)$/, '').replace(/汽车$/, '')
  const exact = known.get(word) ?? known.get(bare) ?? known.get(bareOf(bare))
  if (exact !== undefined) return exact
  const pieces = word.split(/ |(?<=[a-z\d])(?=\p{Script=Han})/u).filter(isChinese)
  return (pieces.length === 1 && pieces[0] !== word ? known.get(pieces[0]!) : undefined) ?? null
})

/** The maker, by whose name one knows joint ventures and imports. */
export const maker: (text: string) => string | undefined = text => findMaker(text) ?? undefined

const findMaker = remembered((text): string | null => {
  const word = fold(text).replace(/ ?\(进口\)$/, '')
  return namesOf('makers').get(word) ?? brand(word) ?? null
})

/** The model: families that are written with a letter or number, and the few names that have another one abroad. */
export const model: (text: string) => string | undefined = text => findModel(text) ?? undefined

const findModel = remembered((text): string | null => {
  const word = fold(text)
  const family = /^([a-z]{1,3}|\d{1,2}) ?(级|系|серии|серия|-класс|-klasse)(?:\(进口\))?$/.exec(word)
  if (family) return /\d/.test(family[1]!) ? `${family[1]} Series` : `${family[1]!.toUpperCase()}-Class`
  return namesOf('models').get(word) ?? null
})

/** Letters that are neither Latin nor digits nor signs: a name that still wants a translation. */
const foreign = /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u

/** Brand and model. A name that no dictionary has is kept as it came; a Chinese or Russian one is counted. */
export function nameOf(data: Thing, notes: Notes) {
  const [mark_raw, model_raw] = [named(notes, 'mark', data.mark), named(notes, 'model', data.model)]
  const mark = mark_raw === undefined ? undefined : (brand(mark_raw) ?? kept(notes, 'mark', mark_raw))
  const bare =
    model_raw === undefined ? undefined : withoutBrand(model_raw, [mark_raw, mark, ...chineseOf(mark, model_raw)])
  const name = bare === undefined ? undefined : (model(bare) ?? kept(notes, 'model', bare))
  return { mark, mark_raw, model: name, model_raw }
}

/** What the brand is called in Chinese, where the model may begin with that. */
function chineseOf(mark: string | undefined, model: string): readonly string[] {
  return mark === undefined || !isChinese(model) ? [] : chineseNames(mark)
}

const chineseNames = remembered(mark =>
  [...namesOf('brands')].filter(([word, name]) => name === mark && isChinese(word)).map(([word]) => word),
)

function kept(notes: Notes, field: string, name: string): string {
  if (foreign.test(name)) unmap(notes, field, name)
  return name
}

/** "BMW X5" of BMW is the X5; "奔驰C级" of 奔驰 is the C级. A model that is called like its brand keeps its name. */
function withoutBrand(name: string, brands: readonly (string | undefined)[]): string {
  for (const its of brands) {
    if (its === undefined || !fold(name).startsWith(fold(its))) continue
    const rest = name.slice(its.length)
    if (/^[ -]?[\p{L}\d]/u.test(rest) && (rest.startsWith(' ') || isChinese(its)))
      return rest.replace(/^[ -]/, '').trim()
  }
  return name
}
