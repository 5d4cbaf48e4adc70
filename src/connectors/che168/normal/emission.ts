import { type Notes, unmap } from './notes.ts'
import type { Spec } from './spec.ts'
import { fold, remembered } from './text.ts'

/** A level ends where it ends: "北京40" and "中国一汽" are names of a car and of a maker. */
const grammar = /(国|京|欧|china|euro|китай|евро)[ -]?(iii|ii|iv|vi|v|i|[1-6]|[一二三四五六])(b)?(?![\divx汽])/g
const regions: Readonly<Record<string, string>> = { 欧: 'euro', euro: 'euro', евро: 'euro' }
const levels: Readonly<Record<string, number>> = {
  ...{ i: 1, ii: 2, iii: 3, iv: 4, v: 5, vi: 6 },
  ...{ 一: 1, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6 },
}

/**
 * The standard of a text: 国VI, 国Ⅵ, 国6, 国六b, 京V, 欧IV+OBD, Евро-4+OBD, Китай VI. Of two, as in "国IV(国V)", the car was sold
 * under both and the stricter counts.
 */
export const emission: (text: string) => string | undefined = text => read(text) ?? undefined

const read = remembered((text): string | null => {
  const found = [...fold(text).matchAll(grammar)].map(([, region = '', level = '', b = '']) => {
    const number = levels[level] ?? Number(level)
    const isB = b === 'b' && number === 6 && !regions[region]
    return { rank: number + (isB ? 0.5 : 0), code: `${regions[region] ?? 'china'}_${number}${isB ? 'b' : ''}` }
  })
  return found.length === 0 ? null : found.reduce((most, each) => (each.rank > most.rank ? each : most)).code
})

/** By the spec table, else by what the name of the trim ends with. */
export function emissionOf({ of }: Spec, trim: string, notes: Notes): string | undefined {
  const text = of.get('emission_standard')
  const standard = text === undefined ? undefined : (emission(text) ?? unmap(notes, 'emission_standard', text))
  return standard ?? (/[国京欧]/.test(trim) ? emission(/[国京欧][^国京欧]*$/.exec(trim)?.[0] ?? '') : undefined)
}
