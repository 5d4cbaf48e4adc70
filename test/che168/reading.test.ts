import { expect, test } from 'vitest'
import { normalized } from '../../src/connectors/che168/normal/advert.ts'
import { imitateChe168 } from '../../src/sim/che168/che168.ts'
import { meantBy, readFrom } from './meant.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

/** Names of the imitated market that no dictionary has. */
const strange = ['RE-MAX 瑞迈', '悦意07', '海豹06 DM-i旅行版', '跨越王X5', '金冠汽车', '龙耀6']
const zones = new Set(['高新', 'Gaoxin', 'Гаосинь'])

test.each(['ru', 'en'] as const)('of 3,000 adverts (%s) every column says what the vendor means', language => {
  const vendor = imitateChe168({ adverts: 3_000, since: now - 3 * 86_400_000, now: () => now, key: 'key', language })
  let read = 0
  const unknown = new Set<string>()
  for (const { innerId, car } of vendor.truth()) {
    const { values: row, notes } = normalized({ innerId, data: vendor.sent(innerId)!, year: 2026 })
    expect({ innerId, ...readFrom(row) }).toMatchObject({ innerId, ...meantBy(car) })
    for (const word of Object.values(notes.unmapped)) if (!zones.has(word)) unknown.add(word)
    read++
  }
  expect(read).toBeGreaterThan(3_000)
  expect([...unknown].toSorted()).toEqual(strange.toSorted())
})
