import { listOf, unwrapped } from './json.ts'
import { flag, type Notes } from './notes.ts'
import { told } from './text.ts'

const page = /^https?:\/\/(?:[\w-]+\.)*che168\.com\/[^\s?#]*?(\d+)\.html(?=[?#]|$)/

/** The advert's page, without what is behind the question mark; NULL where it is not the page of this advert on che168.com. */
export function urlOf(value: unknown, innerId: string, notes: Notes): string | undefined {
  const text = told(value)
  if (text === undefined) return undefined
  const found = page.exec(text)
  return found?.[1] === innerId ? found[0] : flag(notes, 'url', 'foreign')
}

const picture = /^(?:https:)?(\/\/(?:[\w-]+\.)*autoimg\.cn\/\S+)$/

/** What stands between addresses that are in one text. */
const between = /[\s,;|]+(?=(?:https?:)?\/\/)/

/** How many pictures are kept. */
const most = 50

/** Addresses of pictures, each once, in their order: of a list or of JSON in a text. Those of another host are left out. */
export function imagesOf(value: unknown, notes: Notes): string[] | undefined {
  const given = unwrapped(notes, 'images', value)
  const list = typeof given === 'string' ? given.split(between) : listOf(given)
  if (given && typeof given !== 'string' && !Array.isArray(given)) flag(notes, 'images', 'unreadable')
  const found = new Set<string>()
  for (const each of list) {
    const text = told(each)
    const address = text === undefined ? undefined : picture.exec(text)?.[1]
    if (address !== undefined) found.add(`https:${address}`)
    else if (text !== undefined) flag(notes, 'images', 'foreign')
    else if (typeof each === 'object' && each !== null) flag(notes, 'images', 'unreadable')
  }
  return found.size > 0 ? [...found].slice(0, most) : undefined
}
