import { free } from '../memory.ts'
import { type Shelf, textBytes } from './message.ts'

/** Gathers records, given as JSON, into texts; `shelf` ends that. */
export type Packer = { add(record: string): void; shelf(header: string[]): Shelf }

export function packer(): Packer {
  const encoder = new TextEncoder()
  const texts: Uint8Array[] = []
  let [records, length]: [string[], number] = [[], 0]
  let [count, first, last] = [0, '', '']
  return { add, shelf }

  function add(record: string): void {
    if (count === 0) first = record
    last = record
    count++
    records.push(record)
    length += record.length
    if (length >= textBytes) endText()
  }

  function endText(): void {
    texts.push(encoder.encode(`[${records.join()}]`))
    records = []
    length = 0
  }

  function giveUp(): void {
    for (const { buffer } of texts.splice(0)) free(buffer)
  }

  function shelf(header: string[]): Shelf {
    if (records.length > 0) endText()
    const ends = count === 0 ? {} : { first: encoder.encode(first), last: encoder.encode(last) }
    return { digest: { count, header, ...ends }, more: () => texts.shift(), free: giveUp }
  }
}
