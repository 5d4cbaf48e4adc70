import type { Thing } from './json.ts'
import { flag, type Notes, unmap } from './notes.ts'
import type { Spec } from './spec.ts'
import { fold, remembered, told } from './text.ts'
import { dictionary } from './words.ts'

/** Which wheels are driven (null: the words leave it open), and where the engine lies. */
export type Drive = { wheels: string | null; position?: string }

const listed = dictionary('drive')

/** English labels are a short name, in brackets what else is known: "AWD (dual-motor)", "awd (front-engine)". */
const english = /^(fwd|rwd|awd|4wd)(?: ?\((front|mid|rear|dual|tri|quad)-(?:engine|motor)\))?$/
const positions: Readonly<Record<string, string>> = { 前置: 'front', 中置: 'mid', 后置: 'rear' }
const places = new Set(['front', 'mid', 'rear'])

/** Undefined where the words are not known. */
export const driveWords: (text: string) => Drive | undefined = text => read(text) ?? undefined

const read = remembered((text): Drive | null => {
  const words = fold(text)
  const found = english.exec(words)
  if (found)
    return { wheels: found[1] === '4wd' ? 'awd' : found[1]!, ...at(places.has(found[2]!) ? found[2] : undefined) }
  const wheels = listed(words)
  return wheels === undefined ? null : { wheels, ...at(positions[words.slice(0, 2)]) }
})

function at(position: string | undefined): { position?: string } {
  return position === undefined ? {} : { position }
}

const lookKind = dictionary('awd_kind')
const axles = new Set(['fwd', 'rwd'])

/**
 * Driven wheels: the spec table before the label, then words of the trim. 两驱 says that two are, and not which: what comes
 * after it may tell that, and never makes them four.
 */
export function driveOf(data: Thing, { of }: Spec, trim: string, notes: Notes) {
  const kind = lookKind(of.get('awd_kind') ?? '')
  const table = wordsOf(notes, 'drive', of.get('drive')) ?? (kind ? { wheels: 'awd' } : undefined)
  const label = wordsOf(notes, 'drive_type', data.drive_type)
  const isTwo = (table ?? label)?.wheels === null
  const wheels = [table?.wheels, label?.wheels, inTrim(trim)].find(word => word && (!isTwo || axles.has(word)))
  if (table && label?.wheels && (isTwo ? !axles.has(label.wheels) : table.wheels !== label.wheels))
    flag(notes, 'drive_type', 'conflict')
  return {
    drive_type: wheels === 'awd' && kind === 'part_time' ? '4wd_part_time' : (wheels ?? undefined),
    engine_position: table?.position ?? label?.position ?? layoutOf(of.get('engine_layout')),
  }
}

function wordsOf(notes: Notes, field: string, value: unknown): Drive | undefined {
  const text = told(value)
  return text === undefined ? undefined : (driveWords(text) ?? unmap(notes, field, text))
}

/** 发动机布局 says where it lies, how it lies (横置, 纵置), or both. */
function layoutOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : positions[fold(text).slice(0, 2)]
}

function inTrim(trim: string): string | undefined {
  return trim.includes('四驱') ? 'awd' : trim.includes('后驱') ? 'rwd' : trim.includes('前驱') ? 'fwd' : undefined
}
