import { expect, test } from 'vitest'
import { ceiling, type Rule, windowOf } from './limit.ts'

const rule: Rule = { kind: 'fixed', max: 6000, every: '1m', share: 0.7, owner: 'egress' }

test('our ceiling is our share of the vendor’s number, in whole units', () => {
  expect(ceiling(rule)).toBe(4200)
  expect(ceiling({ ...rule, max: 5, share: 0.5 })).toBe(2)
  expect(ceiling({ kind: 'fixed', max: 5, every: '1m', owner: 'egress' })).toBe(5)
})

test('a window is cut by the clock', () => {
  expect(windowOf(rule, new Date('2026-03-01T12:00:59.999Z'))).toEqual({
    from: new Date('2026-03-01T12:00:00Z'),
    to: new Date('2026-03-01T12:01:00Z'),
  })
  expect(windowOf(rule, new Date('2026-03-01T12:01:00Z')).from).toEqual(new Date('2026-03-01T12:01:00Z'))
})
