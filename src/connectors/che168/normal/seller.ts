import type { Thing } from './json.ts'
import { flag, type Notes } from './notes.ts'
import { told } from './text.ts'
import { coded, dictionary, named } from './words.ts'

const yes = new Set(['true', '1', 'yes', 'да'])
const no = new Set(['false', '0', 'no', 'нет'])

/** True or false of a field that may say it in a text: "false" is false. */
export function truth(notes: Notes, field: string, value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  const text = told(value)?.toLowerCase()
  if (text === undefined) return undefined
  return yes.has(text) ? true : no.has(text) ? false : flag(notes, field, 'unreadable')
}

const lookSeller = dictionary('seller_type')
const lookSection = dictionary('section')

/** Who sells; a seller of whom only is_dealer is told is a dealer or a private one by that. */
export function sellerOf(data: Thing, notes: Notes) {
  const is_dealer = truth(notes, 'is_dealer', data.is_dealer)
  const kind = coded(notes, 'seller_type', data.seller_type, lookSeller)
  if (kind !== undefined && is_dealer !== undefined && (kind === 'dealer') !== is_dealer)
    flag(notes, 'seller_type', 'conflict')
  const meant = is_dealer === undefined ? undefined : is_dealer ? 'dealer' : 'private'
  return {
    seller_type: kind ?? meant,
    is_dealer: is_dealer ?? (kind === undefined ? undefined : kind === 'dealer'),
    section: coded(notes, 'section', data.section, lookSection),
    salon_id: named(notes, 'salon_id', data.salon_id),
  }
}
