import { remembered } from './text.ts'

/** The full name of a trim, such as "奔驰C级 2019款 C 260 运动版": its series, the year of the model, and the trim. */
export type TrimName = { series: string; year: number; trim: string }

const grammar = /^(.+?) ?(\d{4})款 ?(.*)$/

const read = remembered((text): TrimName | null => {
  const found = grammar.exec(text)
  return found ? { series: found[1]!, year: Number(found[2]), trim: found[3]! } : null
})

/** Undefined where the text is not of this form. */
export const trimName: (text: string) => TrimName | undefined = text => read(text) ?? undefined
