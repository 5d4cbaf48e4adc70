import type { Thing } from './json.ts'
import { flag, type Notes, unmap } from './notes.ts'
import type { Spec } from './spec.ts'
import { fold, remembered, told } from './text.ts'
import { coded, dictionary } from './words.ts'

/** A gearbox by its short name. `simulated` are gears that a continuous one pretends to have. */
export type Gearbox = { kind: string; gears?: number; simulated?: number }

/** Vendor file, section 2: they cover 17,743 of the 17,754 short names of a catalogue. */
const rules: readonly [RegExp, string][] = [
  [/^\d{1,2}挡手动/, 'manual'],
  [/^\d{1,2}挡(手自一体|自动)/, 'automatic'],
  [/^\d{1,2}挡(湿式|干式)?双离合/, 'dct'],
  [/^(\d{1,2}挡)?amt/, 'amt'],
  [/^(\d{1,2}挡)?dht/, 'dht'],
  [/^e-cvt/, 'e_cvt'],
  [/^cvt/, 'cvt'],
  [/电动车单速|固定齿比/, 'single_speed'],
]

/** Undefined where no rule knows the text. */
export const shortGearbox: (text: string) => Gearbox | undefined = text => read(text) ?? undefined

const read = remembered((text): Gearbox | null => {
  const short = fold(text)
  const kind = rules.find(([form]) => form.test(short))?.[1]
  if (kind === undefined) return null
  const gears = /^(\d{1,2})挡/.exec(short)?.[1] ?? /\(组合(\d{1,2})挡\)/.exec(short)?.[1]
  const simulated = /\(模拟(\d{1,2})挡\)/.exec(short)?.[1]
  return {
    kind,
    ...(gears ? { gears: Number(gears) } : {}),
    ...(simulated ? { simulated: Number(simulated) } : {}),
  }
})

const look = dictionary('gearbox')
const lookLabel = dictionary('transmission_type')
const continuous = new Set(['cvt', 'e_cvt'])

/**
 * The gearbox: the table's type before its short name, then the label, which knows manual and automatic only, then words of
 * the trim. A label that says automatic leaves open which.
 */
export function gearboxOf(data: Thing, { of }: Spec, trim: string, notes: Notes) {
  const type = coded(notes, 'transmission_type_detail', of.get('transmission_type_detail'), look)
  const text = of.get('transmission_text')
  const short = text === undefined ? undefined : shortGearbox(text)
  if (text !== undefined && !short && type === undefined) unmap(notes, 'transmission_text', text)
  if (type !== undefined && short && type !== short.kind) flag(notes, 'gearbox', 'conflict')
  const label = coded(notes, 'transmission_type', data.transmission_type, lookLabel)
  const detail = type ?? short?.kind
  const wide = detail === undefined ? (label ?? inTrim(trim)) : detail === 'manual' ? 'manual' : 'automatic'
  if (label !== undefined && wide !== label) flag(notes, 'transmission_type', 'conflict')
  return {
    transmission_type: wide,
    transmission_type_detail: detail ?? (wide === 'manual' ? 'manual' : undefined),
    ...gearsOf(of.get('gears'), detail, short, notes),
  }
}

function inTrim(trim: string): string | undefined {
  return trim.includes('手动') ? 'manual' : /自动|手自一体|双离合|CVT/i.test(trim) ? 'automatic' : undefined
}

/** A continuous gearbox has no gears: what is counted for it are those it pretends to have. */
function gearsOf(value: string | undefined, kind: string | undefined, short: Gearbox | undefined, notes: Notes) {
  const told = countOf(value, notes)
  const isContinuous = kind !== undefined && continuous.has(kind)
  return {
    gears: isContinuous ? undefined : (told ?? short?.gears ?? (kind === 'single_speed' ? 1 : undefined)),
    gears_simulated: isContinuous ? (short?.simulated ?? told) : short?.simulated,
  }
}

function countOf(value: string | undefined, notes: Notes): number | undefined {
  const text = told(value)
  if (text === undefined || /无级/.test(text)) return undefined
  const gears = /^(\d{1,2}) ?(?:挡|档)?$/.exec(text)?.[1]
  if (gears === undefined) return flag(notes, 'gears', 'unreadable')
  return Number(gears) >= 1 && Number(gears) <= 30 ? Number(gears) : flag(notes, 'gears', 'out-of-range')
}
