import { createHistogram } from 'node:perf_hooks'
import { load, openApp } from '../../src/app/app.ts'
import { openLimits } from '../../src/app/limits.ts'
import { Throttled } from '../../src/core/failure.ts'
import type { Rule } from '../../src/core/limit.ts'
import type { Priority } from '../../src/core/priority.ts'
import { exponential } from '../../src/core/retry.ts'
import type { Source } from '../../src/core/source.ts'
import type { Asker } from '../../src/engine/engine.ts'
import { gateOf } from '../../src/engine/gate.ts'
import { type Line, lineOf } from '../../src/engine/line.ts'
import { emptyPurse } from '../../src/engine/purse.ts'
import { emptyWallet } from '../../src/engine/wallet.ts'
import { transport } from '../../src/http/transport.ts'
import { bareIncrement, bareUpdate } from './bare.ts'
import { costs, plenty, type RuleName, rules } from './rules.ts'

/**
 * One of several processes that share a quota. It asks a vendor through the real gate, or measures what an acquire costs,
 * whenever its parent says so; it answers when that is done, and ends when its parent lets go of it.
 */
export type Task =
  | { do: 'ask'; rule: RuleName; url: string; lanes: readonly Priority[]; askers: number; until: number }
  | { do: 'cost'; of: 'acquire' | 'leased' | 'bare'; bucket: string; until: number }

/** Times in ms. */
export type Cost = { mean: number; p99: number; times: number }

const [name = '', home = '', redis = ''] = process.argv.slice(2)
const note = (level: string, message: string) => {
  if (level === 'warn' || level === 'error') process.stderr.write(`${message}\n`)
}

const app = await openApp(
  await load({ folder: home, env: { SLUICE_HOME: home, ...(redis ? { REDIS_URL: redis } : {}) } }),
  note,
)
const { limits, close } = await openLimits(app, app.store)
const wire = transport({ maxBytes: 1_000_000, connections: 64 })
const tools: Asker = {
  ...{ store: app.store, clock: app.clock, limits, purse: emptyPurse(), transport: wire.fetch },
  ...{
    egress: 'default',
    userAgent: 'sluice/bench',
    log: note,
    vault: app.vault,
    wallet: emptyWallet(),
    worker: 'bench',
  },
}

process.on('message', async (task: Task) => {
  process.send!(task.do === 'ask' ? await ask(task) : await measure(task))
})
process.on('disconnect', async () => {
  await wire.close()
  await close()
  await app.close()
})
process.send!('ready')

/** A source of a vendor with one rule. What its stream is does not matter: questions are asked as they are. */
function sourceOf(limit: string, rule: Rule, baseUrl = ''): Source {
  const [source] = app.sources
  return {
    ...source!,
    baseUrl,
    settings: {},
    connector: {
      ...source!.connector,
      name: 'bench',
      title: 'the vendor',
      limits: { [limit]: rule },
      fault: () => undefined,
    },
  }
}

/** So many askers in each lane, each with its next question as soon as the last one is answered. */
async function ask({ rule, url, lanes, askers, until }: Task & { do: 'ask' }): Promise<string> {
  const source = sourceOf(rule, rules[rule], url)
  const signal = AbortSignal.timeout(until - Date.now())
  const terms = { who: 'bench', costs: { [rule]: costs[rule] }, retries: exponential({ retries: 0, base: '1s' }) }
  const all = lanes.flatMap(lane =>
    Array.from({ length: askers }, () => askOn(lineOf(tools, source, { ...terms, priority: lane }), lane, signal)),
  )
  await Promise.all(all)
  return 'done'
}

/** A long wait is waited as the queue does (P2): until a second before it is over. */
async function askOn(line: Line, lane: Priority, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await line({ path: '/', query: { process: name, lane } }, signal)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof Throttled)) throw error
      await tools.clock.until(new Date(error.until.getTime() - 1_000), signal).catch(() => undefined)
    }
  }
}

/** One acquire after the other, or one of the bare statements that people write instead. */
async function measure({ of, bucket, until }: Task & { do: 'cost' }): Promise<Cost> {
  const rule: Rule = of === 'leased' ? { ...plenty, lease: '1s' } : plenty
  const gate = gateOf(tools, { source: sourceOf(bucket, rule), costs: { [bucket]: 1 }, priority: 'normal' })
  const bare = redis ? await bareIncrement(redis, bucket) : await bareUpdate(app.store, bucket)
  const once = of === 'bare' ? bare.spend : () => gate.acquire()
  const histogram = createHistogram()
  let [sum, before] = [0, 0]
  for (let after = performance.now(); Date.now() < until; ) {
    before = after
    await once()
    after = performance.now()
    sum += after - before
    histogram.record(Math.max(1, Math.round((after - before) * 1e6)))
  }
  await bare.close()
  return { mean: sum / histogram.count, p99: histogram.percentile(99) / 1e6, times: histogram.count }
}
