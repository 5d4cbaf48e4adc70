import { expect, onTestFinished, test } from 'vitest'
import { che168 } from '../../src/cli/worlds.ts'
import { day, hour, setupLot } from './bench.ts'

/** A store, and a market as a demo that is begun now shows it. */
async function setup() {
  let demo: Awaited<ReturnType<typeof che168>> | undefined
  const lot = await setupLot({
    before: () => ({
      fetch: async ({ url }) => {
        const { pathname, search } = new URL(url)
        const headers = { 'x-api-key': demo!.accounts[0]!.credentials.api_key! }
        const answer = await fetch(new URL(pathname + search, demo!.env.CHE168_BASE_URL), { headers })
        return Response.json(await answer.json(), { status: answer.status })
      },
    }),
  })
  /** One demo, of a store that was begun then: the tables after it, beside the books. */
  const show = async (began: number) => {
    demo = await che168(lot.now)
    demo.begin?.(began)
    for (const name of ['offers', 'changes', 'offer', 'adverts']) {
      expect(await lot.sync(name)).toMatchObject({ state: 'success', error: null })
    }
    const books = demo.truth(began, () => lot.now())
    await demo.close()
    const held = []
    for (const { table } of books)
      held.push((await lot.rows<{ n: number }>(`select count(*)::int as n from ${table}`))[0]!.n)
    return { held, books: books.map(({ rows }) => rows) }
  }
  onTestFinished(async () => demo?.close().catch(() => undefined))
  return { ...lot, show }
}

test('a demo that is begun again on other days goes on with its market: the tables agree with the books', async () => {
  const bench = await setup()
  const began = bench.now()
  const first = await bench.show(began)
  expect(first.held).toEqual(first.books)
  for (const later of [day - 6 * hour, 9 * day]) {
    await bench.at(began + later)
    const { held, books } = await bench.show(began)
    expect(held).toEqual(books)
    expect(held[1]).toBeGreaterThan(first.held[1]!)
  }
}, 120_000)
