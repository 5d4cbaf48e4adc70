import { type Faults, faultList } from './faults.ts'
import { type Meter, startMeter } from './meter.ts'
import type { Manners } from './question.ts'
import { openReports, type Reports } from './reports.ts'
import { openShop, type Shop } from './shop.ts'
import type { Outage, Seller, World } from './world.ts'

/** A seller at the vendor's desk: the account, the goods, and how the vendor thinks of its manners. */
export type Member = {
  seller: Seller
  shop: Shop
  meter: Meter
  /** Open breakers by path: until when (ms), and whether they answer plain text. */
  circuits: Map<string, { until: number; plain: boolean }>
  blocked: boolean
  /** Takes note of an answer; so many equal calls rejected in a row, and the account is blocked without a warning. */
  judge(question: string, status: number): void
}

/** What serves one call after the other. */
export type Desk = {
  members: ReadonlyMap<string, Member>
  sellers(): Seller[]
  /** @throws RangeError for a seller that this world does not have. */
  member(clientId: string): Member
  change(clientId: string, changes: Partial<Omit<Seller, 'clientId'>>): void
  reports: Reports
  faults: Faults
  outages: Outage[]
  manners: Manners
}

export function openDesk({ seed = 1, sellers, outages = [] }: World, manners: Manners): Desk {
  const members = new Map(sellers.map(seller => [seller.clientId, join(seed, seller, manners)]))
  const member = (clientId: string) => {
    const found = members.get(clientId)
    if (found === undefined) throw new RangeError(`this world has no seller ${clientId}`)
    return found
  }
  return {
    members,
    member,
    sellers: () => [...members.values()].map(({ seller }) => seller),
    change(clientId, changes) {
      const one = member(clientId)
      one.seller = { ...one.seller, ...changes }
      one.shop = openShop(seed, one.seller)
    },
    reports: openReports(seed),
    faults: faultList(),
    outages: [...outages],
    manners,
  }
}

function join(seed: number, seller: Seller, manners: Manners): Member {
  let streak = { question: '', length: 0 }
  const member: Member = {
    seller,
    shop: openShop(seed, seller),
    meter: startMeter(manners),
    circuits: new Map(),
    blocked: false,
    judge(question, status) {
      const isRejected = status >= 400 && status < 500
      if (!isRejected) streak = { question: '', length: 0 }
      else streak = { question, length: question === streak.question ? streak.length + 1 : 1 }
      if (streak.length >= manners.patience) member.blocked = true
    },
  }
  return member
}
