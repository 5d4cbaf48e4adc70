/** An independent slice of a stream: field names and values, for instance `{ symbol: 'BTCUSDT', interval: '1m' }`. */
export type Part = Readonly<Record<string, string>>

/** The one text of a part, whatever the order its fields were written in: JSON with sorted names. */
export function partKey(part: Part): string {
  return JSON.stringify(part, Object.keys(part).toSorted())
}

/** A part as people read it: its values, joined by a slash (`BTCUSDT/1m`). */
export function partText(part: Part): string {
  return Object.values(part).join('/')
}
