import { setTimeout as sleep } from 'node:timers/promises'
import { type Priority, priorities } from '../../src/core/priority.ts'
import type { Bench, Figure } from '../bench.ts'
import { inTemporaryHome } from '../home.ts'
import type { Cost, Task } from './asker.ts'
import { type Child, startChild } from './child.ts'
import { withRedis } from './redis.ts'
import { costs, every, type RuleName, ruleNames, rules } from './rules.ts'
import type { Arrival } from './vendor.ts'

type Note = (line: string) => void

/** So many processes share each quota, each with so many askers in a lane. */
const processes = 4
const askers = 4

/** How long everybody has asked at least before what is answered is counted (ms). */
const warmUp = 3_000

/** How long each cost is measured (ms). */
const sample = 2_000

/** What four processes get of a quota that the vendor enforces, and what it costs to ask for it. */
export const limits: Bench = {
  about: 'what four processes use of an enforced quota, and what an acquire costs, in PostgreSQL and in Redis',
  measure: note =>
    inTemporaryHome(note, async (_, home) => {
      const postgres = await inStore({ store: 'postgres', home, redis: '', note })
      const redis = await withRedis(url => inStore({ store: 'redis', home, redis: url, note }))
      const refusals = [...postgres, ...redis].reduce((sum, each) => sum + each.refused, 0)
      return [
        ...[...postgres, ...redis].flatMap(({ figures }) => figures),
        { title: 'refused by the vendors', value: refusals, unit: '', key: 'refusals', goal: { most: 0 } },
      ]
    }),
}

type Bed = { store: 'postgres' | 'redis'; home: string; redis: string; note: Note }
type Found = { figures: Figure[]; refused: number }

async function inStore(bed: Bed): Promise<Found[]> {
  const team = await startTeam(bed)
  try {
    const used: Used[] = []
    for (const rule of ruleNames) used.push(await share({ ...bed, team, rule, lanes: ['normal'] }))
    const lanes = await share({ ...bed, team, rule: 'sliding', lanes: priorities })
    return [
      { figures: usedFigures(bed, used), refused: [...used, lanes].reduce((sum, { refused }) => sum + refused, 0) },
      { figures: laneFigures(bed, lanes), refused: 0 },
      { figures: await measureCosts(bed, team), refused: 0 },
    ]
  } finally {
    await Promise.all(team.map(each => each.stop()))
  }
}

function startTeam({ home, redis }: Bed): Promise<Child[]> {
  return Promise.all(
    Array.from({ length: processes }, (_, nth) => startChild('./asker.ts', [String(nth), home, redis])),
  )
}

type Case = Bed & { team: readonly Child[]; rule: RuleName; lanes: readonly Priority[] }

/** `achieved`: what was answered in one window of `every`, by what the vendor would have answered in it. */
type Used = { rule: RuleName; achieved: number; refused: number; byProcess: number[]; byLane: number[] }

/**
 * One whole window is measured, which begins when every asker has been at it for a while, so that no burst that was saved up
 * before is counted: a window of the clock where the vendor has such, or any other. A fair vendor answers its number in it.
 */
async function share({ team, rule, lanes, store, note }: Case): Promise<Used> {
  const vendor = await startChild('./vendor.ts', [rule])
  try {
    const warm = Date.now() + warmUp
    const from = rules[rule].kind === 'fixed' ? Math.ceil(warm / every) * every : warm
    const to = from + every
    const task: Task = { do: 'ask', rule, url: vendor.first as string, lanes, askers, until: to + 100 }
    await Promise.all(team.map(each => each.ask(task)))
    const arrivals = (await vendor.ask('tell')) as Arrival[]
    const used = { rule, ...read(arrivals, rule, { from, to }) }
    note(`${store}, ${rule}, ${lanes.join()}: ${used.achieved.toFixed(4)} of the ceiling, ${used.refused} refused`)
    return used
  } finally {
    await vendor.stop()
  }
}

function read(arrivals: readonly Arrival[], rule: RuleName, { from, to }: { from: number; to: number }) {
  const counted = arrivals.filter(({ at, answered }) => answered && at >= from && at < to)
  const part = (is: (arrival: Arrival) => boolean) => counted.filter(is).length / counted.length
  return {
    achieved: (counted.length * costs[rule]) / rules[rule].max,
    refused: arrivals.filter(({ answered }) => !answered).length,
    byProcess: Array.from({ length: processes }, (_, nth) => part(({ process }) => process === String(nth))),
    byLane: priorities.map(priority => part(({ lane }) => lane === priority)),
  }
}

function usedFigures({ store }: Bed, used: readonly Used[]): Figure[] {
  const worst = Math.min(...used.map(({ achieved }) => achieved))
  const shares = used.flatMap(({ byProcess }) => byProcess)
  return [
    ...used.map(({ rule, achieved }) => ({ title: `${store}: used / ceiling, ${rule}`, value: achieved, unit: '' })),
    {
      ...{ title: `${store}: used / ceiling, the worst`, value: worst, unit: '' },
      ...{ key: `${store}Achieved`, goal: { least: 0.98 } },
    },
    { title: `${store}: smallest share of one of ${processes} processes`, value: Math.min(...shares), unit: '' },
    { title: `${store}: largest share`, value: Math.max(...shares), unit: '' },
  ]
}

function laneFigures({ store }: Bed, { achieved, byLane }: Used): Figure[] {
  return [
    { title: `${store}: used / ceiling, three lanes at once`, value: achieved, unit: '' },
    ...priorities.map((lane, nth) => ({ title: `${store}: share of the lane ${lane}`, value: byLane[nth]!, unit: '' })),
  ]
}

const kinds = [
  { of: 'acquire', title: 'an acquire' },
  { of: 'leased', title: 'an acquire, leased' },
  { of: 'bare', title: 'a bare counter' },
] as const

async function measureCosts({ store, note }: Bed, team: readonly Child[]): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { of, title } of kinds) {
    for (const crew of [team.slice(0, 1), team]) {
      const bucket = `${of}-${crew.length}`
      const { mean, p99, times } = await measureCost(crew, { do: 'cost', of, bucket, until: 0 })
      const who = `${store}: ${title}, ${crew.length === 1 ? 'one process' : `${crew.length} processes`}`
      note(`${who}: ${mean.toFixed(3)} ms, p99 ${p99.toFixed(3)} ms, ${times} times`)
      const key = { acquire: 'Acquire', leased: 'Leased', bare: 'Bare' }[of]
      figures.push(
        { title: `${who}, mean`, value: mean, unit: 'ms', key: `${store}${key}${crew.length}Ms` },
        { title: `${who}, p99`, value: p99, unit: 'ms' },
      )
    }
  }
  return figures
}

/** A short while of it goes before, uncounted: connections are opened and statements prepared. */
async function measureCost(crew: readonly Child[], task: Task & { do: 'cost' }): Promise<Cost> {
  const round = async (length: number) => {
    const until = Date.now() + length
    return (await Promise.all(crew.map(each => each.ask({ ...task, until })))) as Cost[]
  }
  await round(sample / 4)
  await sleep(100)
  const all = await round(sample)
  const times = all.reduce((sum, each) => sum + each.times, 0)
  const spent = all.reduce((sum, each) => sum + each.mean * each.times, 0)
  return { mean: spent / times, p99: Math.max(...all.map(({ p99 }) => p99)), times }
}
