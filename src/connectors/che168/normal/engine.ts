import type { Thing } from './json.ts'
import { flag, type Notes, unmap } from './notes.ts'
import { number, positive, rounded } from './numbers.ts'
import type { Spec } from './spec.ts'
import { fold, remembered } from './text.ts'
import { dictionary } from './words.ts'

/** What a text such as "1.5T 184马力 L4", "增程器 95马力" or "纯电动 136马力" says. */
export type EngineText = {
  litres?: number
  aspiration?: 'turbo' | 'natural'
  ps?: number
  layout?: string
  cylinders?: number
}

const grammar = /^(?:(\d{1,2}\.\d)([tl])|(?:纯电动|增程[式器]?))?(?: ?(\d{1,4})马力)?(?: ?(?:([lvhwr])(\d{1,2})|--?))?$/

/** Undefined where the text follows none of the forms. */
export const engineText: (text: string) => EngineText | undefined = text => read(text) ?? undefined

const read = remembered((text): EngineText | null => {
  const found = grammar.exec(fold(text))
  if (!found || text === '') return null
  const [, litres, letter, ps, layout, cylinders] = found
  return {
    ...(litres ? { litres: Number(litres), aspiration: letter === 't' ? 'turbo' : 'natural' } : {}),
    ...(ps ? { ps: Number(ps) } : {}),
    ...(layout ? { layout: layout.toUpperCase(), cylinders: Number(cylinders) } : {}),
  }
})

const litres = { min: 0.1, max: 20, fine: true }
const cubic = { min: 50, max: 30_000, fine: true }
const lookAspiration = dictionary('aspiration')

/**
 * Size and build of the combustion engine. Its exact size in cc comes from the spec table, or from a field that was sent in
 * mL (v1 of the API, more than 20), and is never made of rounded litres.
 */
export function engineOf(data: Thing, { of }: Spec, notes: Notes) {
  const told = of.get('engine_text')
  const text = engineText(told ?? '') ?? {}
  if (told !== undefined && !engineText(told)) unmap(notes, 'engine_text', told)
  const exact = positive(notes, 'displacement_cc', of.get('displacement_cc'), cubic)
  const inTable = positive(notes, 'displacement_l', of.get('displacement_l'), litres) ?? text.litres ?? inLitres(exact)
  const [field, cc] = fieldOf(data.displacement, notes)
  if (inTable !== undefined && field !== undefined && Math.abs(inTable - field) > 0.15)
    flag(notes, 'displacement', 'conflict')
  const word = of.get('aspiration')
  return {
    displacement: tenth(inTable ?? field),
    displacement_l: tenth(inTable),
    displacement_cc: whole(exact ?? cc),
    engine_model: of.get('engine_model'),
    aspiration: (word === undefined ? undefined : lookAspiration(word)) ?? text.aspiration,
    cylinder_layout: layoutOf(of.get('cylinder_layout'), notes) ?? text.layout,
    cylinders: positive(notes, 'cylinders', of.get('cylinders'), { min: 1, max: 24 }) ?? text.cylinders,
  }
}

function layoutOf(text: string | undefined, notes: Notes): string | undefined {
  if (text === undefined) return undefined
  const letter = fold(text).toUpperCase()
  return /^[LVHWR]$/.test(letter) ? letter : unmap(notes, 'cylinder_layout', text)
}

/** Litres, and cubic centimetres where the field holds these. */
function fieldOf(value: unknown, notes: Notes): [number | undefined, number | undefined] {
  const size = positive(notes, 'displacement', value, { min: 0.1, max: 30_000, fine: true })
  if (size === undefined || size <= 20) return [size, undefined]
  return size < 50 ? [flag(notes, 'displacement', 'out-of-range'), undefined] : [inLitres(size), size]
}

function inLitres(cc: number | undefined): number | undefined {
  return cc === undefined ? undefined : rounded(cc / 1000, 1)
}

function tenth(value: number | undefined): number | undefined {
  return value === undefined ? undefined : rounded(value, 1)
}

function whole(value: number | undefined): number | undefined {
  return value === undefined ? undefined : rounded(value)
}

/** What only cars with a motor have. The range of the cycle that is nearest to the road comes first: CLTC, WLTC, NEDC. */
export function batteryOf({ of }: Spec, notes: Notes) {
  const range = { min: 1, max: 3_000 }
  const [cycle, ev_range_km] = (['cltc', 'wltc', 'nedc'] as const)
    .map(name => [name, positive(notes, `ev_range_${name}`, of.get(`ev_range_km_${name}`), range)] as const)
    .find(([, km]) => km !== undefined) ?? [undefined, undefined]
  const kwh = positive(notes, 'battery_kwh', of.get('battery_kwh'), { min: 0.1, max: 2_000, fine: true })
  const chemistry = of.get('battery_type')
  return {
    battery_kwh: kwh === undefined ? undefined : rounded(kwh, 2),
    battery_type: (chemistry === undefined ? undefined : lookBattery(chemistry)) ?? undefined,
    ...{ ev_range_km, ev_range_cycle: cycle },
    fast_charge_h: hours('fast_charge_h', of, notes),
    slow_charge_h: hours('slow_charge_h', of, notes),
  }
}

const lookBattery = dictionary('battery_type')

function hours(key: string, of: Spec['of'], notes: Notes): number | undefined {
  const value = number(notes, key, of.get(key), { min: 0, max: 999, fine: true })
  return value === undefined ? undefined : rounded(value, 2)
}
