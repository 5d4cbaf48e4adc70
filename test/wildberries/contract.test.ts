import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contractOf } from '../setup/contract.ts'
import { type Erratum, errataOf } from '../setup/errata.ts'
import { watched } from '../setup/watch.ts'
import { day, noon, setupSeller } from './bench.ts'

const specs = [process.env.SLUICE_VENDOR_SPECS, join(import.meta.dirname, '../../../shared/data')].find(
  folder => folder && existsSync(join(folder, 'wildberries')),
)
const why = specs ? '' : ' (not run: SLUICE_VENDOR_SPECS names no folder of descriptions)'

const errata: readonly Erratum[] = [
  { violation: /seller-warehouses: is not described$/, why: 'newer: 2026-08-24' },
  { violation: /sales-reports\/detailed: is not described$/, why: 'left out where the description was cut' },
]

describe.skipIf(!specs)(`what is asked of Wildberries is what it describes${why}`, () => {
  it('in every stream', async () => {
    const contract = contractOf(join(specs!, 'wildberries'))
    let exchanges: ReturnType<typeof watched>['exchanges'] = []
    const bench = await setupSeller({
      world: { sellers: [{ name: 'shop', goods: 6, orders: 10, since: noon - 20 * day }], pageRows: 60 },
      options: { orders: { page_rows: 60 }, order_feed: { batch_size: 50 } },
      before: vendor => {
        const seen = watched(vendor, contract)
        exchanges = seen.exchanges
        return seen
      },
    })
    for (const stream of bench.streams) expect((await bench.sync(stream)).state, stream).toBe('success')
    const known = errataOf(errata)
    expect(known.beside(exchanges.flatMap(({ request }) => request))).toEqual([])
    expect(known.unmet()).toEqual([])
    expect(new Set(exchanges.map(({ name }) => name)).size).toBeGreaterThan(10)
  })
})
