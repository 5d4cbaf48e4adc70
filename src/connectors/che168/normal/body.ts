import type { Thing } from './json.ts'
import { flag, type Notes } from './notes.ts'
import { positive, spanOf, within } from './numbers.ts'
import type { Spec } from './spec.ts'
import { fold, remembered } from './text.ts'
import { coded, dictionary } from './words.ts'

/** What a text such as "4门5座三厢车", "4门7/8/9座" or "5门4-7座MPV" says; `rest` is the kind of body, or empty. */
export type BodyText = { doors: number; seats: [number, number]; rest: string }

const grammar = /^(\d)门([\d/-]+)座(.*)$/

/** Undefined where the text is not of this form. */
export const bodyText: (text: string) => BodyText | undefined = text => read(text) ?? undefined

const read = remembered((text): BodyText | null => {
  const found = grammar.exec(fold(text))
  const seats = spanOf(found?.[2])
  return found && seats ? { doors: Number(found[1]), seats, rest: found[3]!.trim() } : null
})

const look = dictionary('body')

/**
 * The body: its structure in the spec table before the label, then words of the trim. The label "sedan/hatchback" says
 * neither.
 */
export function bodyOf(data: Thing, { of }: Spec, trim: string, notes: Notes) {
  const [short, whole] = [of.get('body_structure'), of.get('body_text')]
  const text = [whole, short].map(told => (told === undefined ? undefined : bodyText(told))).find(read => read)
  const structure = short ?? whole
  const kind = structure === undefined ? undefined : (bodyText(structure)?.rest ?? structure)
  const table = coded(notes, 'body_structure', kind, look) ?? (text ? (look(text.rest) ?? undefined) : undefined)
  const label = coded(notes, 'body_type', data.body_type, look)
  const seats = spanIn(of.get('seats'), notes) ?? text?.seats ?? spanOf(seating.exec(trim)?.[1])
  return {
    body_type: table ?? label ?? inTrim(trim),
    doors: positive(notes, 'doors', of.get('doors'), { min: 1, max: 9 }) ?? text?.doors,
    seats_min: seatsOf(notes, seats?.[0]),
    seats_max: seatsOf(notes, seats?.[1]),
  }
}

/** Seats as the trim names them: "7座", "5/7座". */
const seating = /(?<![\d/+-])(\d{1,2}(?:[/-]\d{1,2})*)座/

function spanIn(text: string | undefined, notes: Notes): [number, number] | undefined {
  return spanOf(text) ?? (text === undefined ? undefined : flag(notes, 'seats', 'unreadable'))
}

function seatsOf(notes: Notes, seats: number | undefined): number | undefined {
  return within(notes, 'seats', seats, { min: 1, max: 99 })
}

function inTrim(trim: string): string | undefined {
  return trim.includes('三厢') ? 'sedan' : trim.includes('两厢') ? 'hatchback' : undefined
}

const sides = /^(\d{3,5}|未知|-+)\*(\d{3,5}|未知|-+)\*(\d{3,5}|未知|-+)$/

/** Length, width and height in mm. The text for all three may lack one in its middle: "5283*未知*1977". */
export function sizeOf({ of }: Spec, notes: Notes) {
  const text = of.get('dimensions_text')
  const found = text === undefined ? null : sides.exec(fold(text))
  if (text !== undefined && !found) flag(notes, 'dimensions', 'unreadable')
  const side = (name: string, place: number) =>
    positive(notes, name, of.get(name) ?? found?.[place], { min: 500, max: 30_000 })
  return {
    length_mm: side('length_mm', 1),
    width_mm: side('width_mm', 2),
    height_mm: side('height_mm', 3),
    wheelbase_mm: positive(notes, 'wheelbase_mm', of.get('wheelbase_mm'), { min: 500, max: 20_000 }),
    curb_weight_kg: positive(notes, 'curb_weight_kg', of.get('curb_weight_kg'), { min: 100, max: 60_000 }),
  }
}
