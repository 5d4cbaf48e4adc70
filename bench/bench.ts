/**
 * One measurement that can be repeated anywhere. Speeds of a machine mean little elsewhere, so what counts is a ratio:
 * both sides of it are measured in the same run.
 */
export type Bench = {
  about: string
  /** Measures, telling on the way what it does. @throws when what was measured did not do its work rightly. */
  measure(note: (line: string) => void): Promise<Figure[]>
}

/** A measured number. `key` is its name in `--json`, which leaves out the figures without one. */
export type Figure = { title: string; value: number; unit: string; key?: string; goal?: Goal }

export type Goal = { least: number } | { most: number }

/** The middle one of several measurements, so that one disturbed round does not count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
