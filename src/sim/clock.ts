/** The clock of a vendor, which tests set and move. */
export type Clock = {
  /** ms */
  now(): number
  /** Stands still at `set` from then on; moves on by `advance` ms. */
  move(wish: { set?: number; advance?: number }): void
}

/** @param start a time at which it stands; without one it runs as ours does. */
export function openClock(start?: string): Clock {
  let frozen = start === undefined ? null : Date.parse(start)
  let offset = 0
  return {
    now: () => frozen ?? Date.now() + offset,
    move({ set, advance = 0 }) {
      if (set !== undefined) frozen = set
      if (frozen === null) offset += advance
      else frozen += advance
    },
  }
}
