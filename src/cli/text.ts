import Table from 'cli-table3'
import { saidText } from '../core/flag.ts'
import { type Run, type Slice, sliceText } from '../core/run.ts'

/** Rows under headings, without a frame; columns whose heading begins with a space are aligned to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const empty = {
    mid: '',
    'left-mid': '',
    'mid-mid': '',
    'right-mid': '',
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
  }
  const edges = {
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    right: '',
    middle: '  ',
  }
  const drawn = new Table({
    head: headings.map(heading => heading.trim()),
    chars: { ...empty, ...edges },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: headings.map(heading => (heading.startsWith(' ') ? 'right' : 'left')),
  })
  drawn.push(...rows.map(row => [...row]))
  return drawn.toString().replace(/[ \t]+$/gm, '')
}

/** A message beside the name of its slice: without that name at its beginning, and not longer than a line can be. */
export function brief(message: string, slice: Slice): string {
  const start = `${sliceText(slice)}: `
  const text = message.startsWith(start) ? message.slice(start.length) : message
  return text.length <= 90 ? text : `${text.slice(0, 90)}…`
}

/** With which flags a run goes on: `with --max-pages 5`; nothing where it has none. */
export function flagsText({ flags }: Pick<Run, 'flags'>): string {
  return flags ? `with ${saidText(flags)}` : ''
}

/** A stream as people read it, with its account where there may be several: `binance.candles`, `acme.orders anna`. */
export function streamText({ connector, account, stream }: Omit<Slice, 'part'>): string {
  return `${connector}.${stream}${account === 'public' || account === 'default' ? '' : ` ${account}`}`
}

/** 112500 as 112,500. */
export function counted(number: number): string {
  return number.toLocaleString('en-US')
}

/** An instant to the second, UTC: 2026-11-22 03:00:00. */
export function moment(date: Date | null | undefined): string {
  return date ? date.toISOString().slice(0, 19).replace('T', ' ') : '-'
}

/** How long ago, in the largest unit that fits: 40 s, 12 min, 3 h, 5 d. */
export function age(from: Date | null | undefined, now: Date): string {
  if (!from) return '-'
  const seconds = Math.max(0, Math.round((now.getTime() - from.getTime()) / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** A length of time in the largest unit that it is a whole number of: 500 ms, 10 s, 1 min, 3 h. */
export function span(length: number): string {
  if (length % 3_600_000 === 0) return `${length / 3_600_000} h`
  if (length % 60_000 === 0) return `${length / 60_000} min`
  return length % 1_000 === 0 ? `${length / 1_000} s` : `${length} ms`
}

/** The time of day of an instant, UTC: 03:00:00. */
export function clockTime(date: Date): string {
  return date.toISOString().slice(11, 19)
}
