import { parseEnv } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { valueIn, without, withValue } from './dotenv.ts'

test('what is set is read again as it was, whatever signs an address holds', () => {
  const address = fc.stringMatching(/^[!-~]{1,60}$/).filter(text => !(text.includes("'") && text.includes('`')))
  fc.assert(
    fc.property(address, value => {
      for (const text of ['', 'A=1', 'DATABASE_URL=x\nA=1\n', '# DATABASE_URL=y\n']) {
        const set = withValue(text, 'DATABASE_URL', value)
        expect(parseEnv(set)).toEqual({ ...parseEnv(text), DATABASE_URL: value })
      }
    }),
  )
})

test('a line made a comment is none any more, and the others stay', () => {
  const text = 'A=1\nexport DATABASE_URL = "x"\nDATABASE_URL_2=y\n'
  expect(without(text, 'DATABASE_URL')).toBe('A=1\n# export DATABASE_URL = "x"\nDATABASE_URL_2=y\n')
  expect(without('A=1\n', 'DATABASE_URL')).toBe('A=1\n')
})

test('an empty value counts as none', () => {
  expect(valueIn('A=\nB=2', 'A')).toBeUndefined()
  expect(valueIn('A=\nB=2', 'B')).toBe('2')
})
