import { expect, test } from 'vitest'
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
