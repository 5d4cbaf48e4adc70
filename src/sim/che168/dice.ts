import { chance, keyOf } from '../random.ts'

/** A number of [0, 1) for what is asked and its number: the same for a seed, always and in whatever order it is asked. */
export type Dice = (what: string, nth: number) => number

export function diceOf(seed: number): Dice {
  const keys = new Map<string, number>()
  return (what, nth) => {
    const known = keys.get(what)
    if (known !== undefined) return chance(known, nth)
    const key = keyOf('che168', seed, what)
    keys.set(what, key)
    return chance(key, nth)
  }
}

export function pick<T>(list: readonly T[], chance: number): T {
  return list[Math.floor(chance * list.length)]!
}

/** The number of an element by its weight. */
export function weigh(list: readonly { weight: number }[], chance: number): number {
  const total = list.reduce((sum, { weight }) => sum + weight, 0)
  let below = 0
  return list.findIndex(({ weight }) => {
    below += weight
    return chance * total < below
  })
}
