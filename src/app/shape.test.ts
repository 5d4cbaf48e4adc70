import { expect, test } from 'vitest'
import { z } from 'zod'
import { connector as acme } from '../../test/fixtures/acme/index.ts'
import { connectors } from '../connectors/index.ts'
import { BadPage } from '../core/failure.ts'
import { misshape } from './shape.ts'

test('the connectors that come with Sluice have the shape that is asked of those that do not', () => {
  expect(connectors.map(misshape)).toEqual(connectors.map(() => undefined))
  expect(misshape(acme)).toBeUndefined()
})

test('in a test, too, what a connector imports from sluice is this very program', () => {
  expect(acme.probe?.clock).toThrow(BadPage)
})

test('a field inside of a list is named with its place', () => {
  const [first] = acme.streams
  expect(misshape({ ...acme, streams: [first, first] })).toBe(
    'streams[1].name must not be "orders", which is there already',
  )
  expect(misshape({ ...acme, streams: [first, { ...first, name: 'base_url' }] })).toMatch(
    /^streams\[1\]\.name must not/,
  )
  expect(misshape({ ...acme, limits: { calls: { kind: 'leaky' } } })).toMatch(/^limits\.calls\.kind must be fixed/)
  expect(misshape({ ...acme, streams: [{ ...first, begins: 'lists' }] })).toBe(
    'streams[0].begins must name another stream, and there is no "lists"',
  )
  expect(misshape(null)).toMatch(/^connector /)
})

test('a flag belongs to a setting of a stream and to no secret, because runs keep what flags say', () => {
  const [first] = acme.streams
  const secret = z.strictObject({ pin: z.string().default('').meta({ flag: 'pin', secret: true }) })
  expect(misshape({ ...acme, streams: [{ ...first, options: secret }] })).toBe(
    'streams[0].options must not declare the flag "pin" for a secret: what flags say is stored',
  )
  const own = acme.options.extend({ zone: z.string().default('').meta({ flag: 'zone' }) })
  expect(misshape({ ...acme, options: own })).toBe(
    'options must not declare the flag "zone": only settings of streams have flags',
  )
})
