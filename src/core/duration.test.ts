import { expect, test } from 'vitest'
import { type Duration, milliseconds } from './duration.ts'

test.each([
  ['500ms', 500],
  ['1s', 1_000],
  ['1.5s', 1_500],
  ['1m', 60_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  ['0s', 0],
] as const)('%s is %i ms', (text, ms) => expect(milliseconds(text)).toBe(ms))

test.each(['', '5', 's', '1 s', '-1s', '1S', '1w', '1m30s'])(
  '%j is no duration, and the message says what is',
  text => {
    expect(() => milliseconds(text as Duration)).toThrow(
      `"${text}" is not a duration; write a number and ms, s, m, h or d`,
    )
  },
)
