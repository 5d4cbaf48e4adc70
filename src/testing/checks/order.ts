import { sliceOf } from '../../core/source.ts'
import { isRanged } from '../../core/stream.ts'
import { makePartitions } from '../../db/partitions.ts'
import { write } from '../../db/rows.ts'
import { emptyTables } from '../../db/scratch.ts'
import { describe, type Table } from '../../db/table.ts'
import { check } from '../../engine/check.ts'
import type { Each } from '../check.ts'
import { nameOf } from '../ground.ts'
import type { Kit } from '../kit.ts'
import type { Sight, Visit } from '../survey.ts'
import type { World } from '../world.ts'
import { differ } from './differ.ts'

/** Older never overwrites newer, in whatever order pages come to the table: late, twice, the last one first. */
export const order: Each = {
  says: 'pages that come late, twice or in another order come to the same rows',
  each: async (kit, stream) => {
    const sight = (await kit.survey()).get(stream.name)!
    const { visits, mismatch } = sight
    if (mismatch || visits.length === 0) return []
    return kit.within({}, async world => {
      const table = await prepare(world, sight)
      const before = await arrive(kit, world, table, sight, visits)
      for (const [how, pages] of orders(visits)) {
        const difference = differ(before, await arrive(kit, world, table, sight, pages))
        if (difference !== undefined) return [flaw(kit, sight, how, difference)]
      }
      return []
    })
  },
}

async function prepare({ store }: World, { stream, visits }: Sight): Promise<Table> {
  const times = visits.flatMap(({ page }) => (page.covered ? [+page.covered.from, +page.covered.to] : []))
  if (isRanged(stream) && stream.partition && times.length > 0) {
    const range = { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) }
    await makePartitions(store, stream.table, stream.partition.by, range)
  }
  return describe(store, stream)
}

/** The rows of a table to which pages came in this order. */
async function arrive(kit: Kit, { store, contents }: World, table: Table, { stream }: Sight, visits: readonly Visit[]) {
  await emptyTables(store, [stream.table])
  for (const { cursor, at, answer, asked, page, seen } of visits) {
    const slice = sliceOf(kit.source(stream), at.part)
    const measure = { stream, table, slice, answer, asked, subjects: at.rows, cursor, covered: page.covered }
    const { rows } = check(
      seen.map(({ record }) => record),
      measure,
    )
    await store.transaction(tx => write(tx, table, rows, false))
  }
  return contents(stream.table)
}

function orders(visits: readonly Visit[]): [how: string, pages: Visit[]][] {
  const backwards = visits.map(visit => ({ ...visit, seen: visit.seen.toReversed() })).toReversed()
  return [
    ['with every page twice', visits.flatMap(visit => [visit, visit])],
    ['the last page first', visits.toReversed()],
    ['the last record first', backwards],
    ['shuffled', shuffled(visits)],
    ['shuffled, and once more in order', [...shuffled(visits), ...visits]],
  ]
}

/** Always the same disorder: the numbers of a small generator (Park and Miller). */
function shuffled(visits: readonly Visit[]): Visit[] {
  let seed = 20_260_301
  const drawn = visits.map(visit => {
    seed = (seed * 48_271) % 2_147_483_647
    return { visit, place: seed }
  })
  return drawn.toSorted((a, b) => a.place - b.place).map(({ visit }) => visit)
}

function flaw(kit: Kit, { stream }: Sight, how: string, came: string) {
  const named = stream.newer.length > 0 ? `now ${stream.newer.join(', ')}` : 'now none'
  return {
    expected: `${nameOf(kit, stream)} holds the same rows, with its pages ${how}`,
    came: `an older record has overwritten a newer one: ${came}`,
    change: `name in \`newer\` (${named}) the columns that grow with every version the vendor makes: its number, or the time of the change and not of the creation`,
  }
}
