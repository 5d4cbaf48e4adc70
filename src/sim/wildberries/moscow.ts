/** Times as the vendor writes them: Moscow time, UTC+3 the year round, with or without the offset. */
const offset = 3 * 3_600_000

/** `2022-03-04T18:08:31`, with one decimal only where the time has a fraction: `2022-03-04T18:08:31.5`. */
export function local(ms: number): string {
  const tenth = Math.floor((ms % 1000) / 100)
  return tenth === 0 ? textOf(ms + offset) : `${textOf(ms + offset)}.${tenth}`
}

/** `2022-03-04T18:08:31+03:00`, to the second. */
export function zoned(ms: number): string {
  return `${textOf(ms + offset)}+03:00`
}

const names = new Map<number, string>()

/** Written by hand for speed: a page has some 160,000 times. */
function textOf(ms: number): string {
  const day = Math.floor(ms / 86_400_000)
  const second = Math.floor(ms / 1000) - day * 86_400
  const [hours, minutes] = [Math.floor(second / 3_600), Math.floor(second / 60) % 60]
  return `${nameOf(day)}T${two(hours)}:${two(minutes)}:${two(second % 60)}`
}

function nameOf(day: number): string {
  const known = names.get(day)
  if (known !== undefined) return known
  const name = new Date(day * 86_400_000).toISOString().slice(0, 10)
  names.set(day, name)
  return name
}

function two(count: number): string {
  return count < 10 ? `0${count}` : String(count)
}

/** `2022-03-04T15:08:31Z`, to the second. */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** `2022-03-04`: the day in Moscow. */
export function dayOf(ms: number): string {
  return nameOf(Math.floor((ms + offset) / 86_400_000))
}

/** The first ms of the day in Moscow that holds this time. */
export function midnight(ms: number): number {
  return Math.floor((ms + offset) / 86_400_000) * 86_400_000 - offset
}

/** The first ms of the Monday in Moscow on or before this time. */
export function monday(ms: number): number {
  const days = Math.floor((ms + offset) / 86_400_000)
  return (days - ((days + 3) % 7)) * 86_400_000 - offset
}

const form = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/

/**
 * The instant in ms, with a fraction where the text has more digits than three; undefined for any other text. Without an
 * offset it is Moscow time. A day without a time cannot have an offset.
 */
export function instant(text: string): number | undefined {
  const [whole, day, time, fraction, zone] = form.exec(text) ?? []
  if (whole === undefined || (time === undefined && zone !== undefined)) return undefined
  const ms = Date.parse(`${day}T${time ?? '00:00:00'}${zone ?? '+03:00'}`)
  return Number.isNaN(ms) || !exists(day!) ? undefined : ms + Number(fraction ?? 0) * 1000
}

/** The instant of an RFC 3339 time, which always has an offset; undefined for any other text. */
export function rfc3339(text: unknown): number | undefined {
  return typeof text === 'string' && /(Z|[+-]\d\d:\d\d)$/.test(text) ? instant(text) : undefined
}

/** The first ms of a plain day (`2006-01-02`) in Moscow; undefined for any other text. */
export function plainDay(text: unknown): number | undefined {
  return typeof text === 'string' && text.length === 10 ? instant(text) : undefined
}

/** Date.parse takes the 31st of every month. */
function exists(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
