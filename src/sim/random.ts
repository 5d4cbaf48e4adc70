/**
 * Where every number of the imitation comes from: the same words and index give the same number on every machine and
 * in whatever order they are asked for, so a page needs no page before it.
 */

/** One 32-bit key for a list of words, by FNV-1a. */
export function keyOf(...words: (string | number)[]): number {
  let key = 0x811c9dc5
  for (const letter of words.join('\u0000')) key = Math.imul(key ^ letter.codePointAt(0)!, 0x01000193)
  return key | 0
}

/** A number of [0, 1) for a key and an index; the index may be a time in ms. */
export function chance(key: number, index: number): number {
  let mixed = Math.imul(key ^ (index | 0), 0x9e3779b1) ^ Math.floor(index / 2 ** 32)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}
