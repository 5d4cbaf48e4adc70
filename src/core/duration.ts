/** Durations as people write them in settings and streams: `500ms`, `1s`, `1m`, `12h`, `7d`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * The duration in milliseconds.
 * @throws RangeError when the text is not a number followed by ms, s, m, h or d.
 */
export function milliseconds(duration: Duration): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? []
  if (amount === undefined || unit === undefined) {
    throw new RangeError(`"${duration}" is not a duration; write a number and ms, s, m, h or d, for instance 30s`)
  }
  return Number(amount) * units[unit as keyof typeof units]
}
