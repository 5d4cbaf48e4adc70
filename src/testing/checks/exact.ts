import { decimal } from '../../core/decimal.ts'
import { encoderOf } from '../../db/column.ts'
import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { leavesOf, replaced } from '../leaves.ts'
import { show } from '../show.ts'
import type { Seen, Sight } from '../survey.ts'

/** Numbers go from the answer to the table digit by digit; no float is met on the way. */
export const exact: Shown = {
  says: 'its numbers are the ones the vendor sent, however long they are',
  sight: sight => {
    const numeric = (sight.table?.columns ?? []).filter(({ type }) => type.startsWith('numeric'))
    const rows = sight.visits.flatMap(({ seen }) => seen.filter(({ row }) => row))
    return numeric.flatMap(({ name, type }) => {
      const invented = rows.map(seen => reckoned(name, seen)).find(flaw => flaw !== undefined)
      if (invented) return [invented]
      const rounded = rows.slice(0, most).flatMap(seen => lengthened(sight, name, type, seen))
      return rounded.slice(0, 1)
    })
  },
}

/** So many records of a stream are sent with longer numbers. */
const most = 25

/** The digits of a number, wherever its point is: 19.90 and 1990 (in hundredths) have the same. */
function digits(value: unknown): string | undefined {
  return decimal(value)?.replace('.', '').replace(/^-?0*/, '').replace(/0+$/, '')
}

function reckoned(name: string, { record, row, beside }: Seen): Flaw | undefined {
  const wanted = digits(row![name])
  if (!wanted) return undefined
  const there = [...leavesOf(record), ...leavesOf(beside?.part), ...leavesOf(beside?.rows)]
  if (there.some(({ value }) => digits(value) === wanted)) return undefined
  return {
    expected: `"${name}" is a number that stands in the record`,
    came: `${show(row![name])}, which is not in ${show(record)}`,
    change: 'take the number as it came, as text; sums and products are made in SQL, where they are exact',
  }
}

/** Every place that holds the number is made longer: which of them the row takes is not told. */
function lengthened({ stream }: Sight, name: string, type: string, { record, row, beside }: Seen): Flaw[] {
  const wanted = decimal(row![name])
  const same = leavesOf(record).filter(({ value }) => isSame(decimal(value), wanted))
  if (same.length === 0) return []
  return longer(wanted!, type).flatMap(text => {
    const parsed = stream.record.safeParse(same.reduce((whole, { path }) => replaced(whole, path, text), record))
    if (!parsed.success) return []
    const given = stream.row(parsed.data, beside!)[name]
    const stored = encoderOf(type)?.(given)
    return typeof stored !== 'string' || isSame(stored, text) ? [] : [rounded(name, text, given)]
  })
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  const plain = (text: string) => (text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text)
  return a !== undefined && b !== undefined && plain(a) === plain(b)
}

/** Numbers of as many digits as the column holds: with as many decimals as the one that came, and with all there can be. */
function longer(text: string, type: string): string[] {
  const [, precision = '40', scale = '12'] = /^numeric\((\d+),(\d+)\)$/.exec(type) ?? []
  const whole = pattern(Number(precision) - Number(scale))
  const places = [text.split('.')[1]?.length ?? 0, Number(scale)].filter(count => count <= Number(scale))
  return [...new Set(places)].map(count => (count > 0 ? `${whole}.${pattern(count)}` : whole)).filter(isLong)
}

/** 9.87… of so many digits; no float ends like it. */
function pattern(length: number): string {
  return length > 0 ? `${'9876543219'.repeat(Math.ceil(length / 10)).slice(0, length - 1)}7` : '0'
}

/** What a float holds exactly is no test of it. */
function isLong(text: string): boolean {
  return text.replace('.', '').length > 16
}

function rounded(name: string, sent: string, given: unknown): Flaw {
  return {
    expected: `"${name}" holds the ${sent.replace('.', '').length} digits of ${sent}`,
    came: `${show(given)} (a ${typeof given})`,
    change:
      'leave numbers as the text they come as: z.string() or a union with z.number(), and no Number(), parseFloat or + in `row`',
  }
}
