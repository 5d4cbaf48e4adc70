import { describe, expect, inject, it, test } from 'vitest'
import type { Connector } from '../../src/core/connector.ts'
import { conformance, type Test } from '../../src/testing/index.ts'
import { urlOf } from '../setup/sluice.ts'
import { type Broken, broken, worse } from './broken.ts'
import { imitateShop, shopWith } from './shop.ts'

const database = urlOf(inject('server'))

function testsOf(connector: Connector, change: Partial<Parameters<typeof conformance>[1]> = {}): Test[] {
  return conformance(connector, { vendor: imitateShop, database, records: 200_000, pages: 50, ...change })
}

describe('a right connector', () => {
  for (const { name, run } of testsOf(shopWith())) it(name, run)
})

/** What the check of that sentence says of a connector. */
async function complaint({ connector, check }: Broken): Promise<string> {
  const wanted = testsOf(connector).find(({ name }) => name.endsWith(`: ${check}`))
  return wanted!.run().then(
    () => 'nothing',
    error => error.message,
  )
}

test.each(broken)('$fault fails the suite, with a message that names it', async each => {
  expect(await complaint(each)).toMatch(each.says)
})

test.each(worse)('$fault is told by its check', async each => {
  expect(await complaint(each)).toMatch(each.says)
})

test('a vendor that allows less than the limits say refuses, and that is told', async () => {
  let calls = 0
  const strict = () => ({
    fetch: (request: Request) =>
      ++calls > 5 ? Promise.resolve(new Response('{}', { status: 429 })) : imitateShop().fetch(request),
  })
  const limits = testsOf(shopWith(), { vendor: strict }).find(({ name }) => name.includes('two workers'))
  await expect(limits!.run()).rejects.toThrow(/\d+ refusals, the first 429 to GET .*\n.*allows less than `limits` say/)
})

test('what looks like personal data and is not forgotten is told', async () => {
  const warnings: string[] = []
  const [, , , table] = testsOf(shopWith({ forget: ['delivery'] }), { warn: line => void warnings.push(line) })
  await table!.run()
  expect(warnings).toEqual([
    'shop.lines: "buyer.name" looks like personal data; if it is, name it in `forget`',
    'shop.lines: "buyer.phone" looks like personal data; if it is, name it in `forget`',
  ])
})

test('settings that name what the connector does not have are refused at once', () => {
  const wrong = (change: object) => () => testsOf(shopWith(), change)
  expect(wrong({ streams: ['line'] })).toThrow('shop has no stream "line"; it has lines. Correct the setting "streams"')
  expect(wrong({ options: { orders: {} } })).toThrow('Correct the setting "options" of the kit')
  expect(wrong({ options: { lines: { shops: 7 } } })).toThrow(/Unrecognized key/)
})

test('a vendor that sends nothing, and a forgotten field that nobody sends, are told: they would prove nothing', async () => {
  const empty = () => ({ fetch: async () => Response.json({ rows: [], next: 0 }) })
  const end = testsOf(shopWith(), { vendor: empty }).find(({ name }) => name.endsWith('lead to an end'))
  await expect(end!.run()).rejects.toThrow(/1 pages without a record/)
  const forgotten = testsOf(shopWith({ forget: ['buyr.phone'] })).find(({ name }) => name.endsWith('is nowhere'))
  await expect(forgotten!.run()).rejects.toThrow(/none of them has any[\s\S]*correct the names in `forget`/)
})
