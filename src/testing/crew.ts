import { randomUUID } from 'node:crypto'
import { isFinished, type Run } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import { postgresLimits } from '../db/limits.ts'
import type { Queue } from '../db/queue.ts'
import { readRuns } from '../db/runs.ts'
import type { Store } from '../db/store.ts'
import { vaultOf } from '../db/vault.ts'
import type { Engine } from '../engine/engine.ts'
import { noOutage } from '../engine/outage.ts'
import { emptyPurse } from '../engine/purse.ts'
import { wake } from '../engine/tend.ts'
import { emptyWallet } from '../engine/wallet.ts'
import { work } from '../engine/work.ts'
import type { Fetch } from '../http/fetch.ts'
import type { StillClock } from './clock.ts'

/** What the workers of one world share. `tokens` stand in for the queue: runs that wait for a worker. */
export type Crew = {
  store: Store
  clock: StillClock
  log: string[]
  sources: readonly Source[]
  tokens: string[]
  fetch: Fetch
}

/** A run that comes back so often without an end will not come to one. */
const patience = 1_000

/** A worker as a process of its own has it: the engine that collects for users, with our vendor, clock and queue. */
export function hire({ store, clock, log, sources, tokens, fetch }: Crew, stopping?: AbortSignal): Engine {
  return {
    ...{ store, clock, sources, transport: fetch, limits: postgresLimits(store), purse: emptyPurse() },
    ...{ egress: 'kit', userAgent: 'sluice/kit', perAccount: undefined, outage: noOutage() },
    log: (level, message) => void log.push(`${level}: ${message}`),
    queue: queueOf(tokens),
    vault: vaultOf({}, async () => 'kit'),
    wallet: emptyWallet(),
    worker: `kit:${randomUUID()}`,
    stopping: stopping ?? new AbortController().signal,
  }
}

function queueOf(tokens: string[]): Queue {
  return {
    send: async (_, sent) => void tokens.push(...sent.map(({ run }) => run)),
    work: async () => undefined,
    drop: async () => undefined,
    lost: async () => [],
    stop: async () => undefined,
  }
}

/** Works runs to their ends, whoever is free taking the next one. Where all of them wait, time goes on. */
export async function finish(crew: Crew, engines: readonly Engine[], ids: readonly string[]): Promise<Run[]> {
  const { store, clock, tokens } = crew
  for (let round = 0; round < patience; round++) {
    await Promise.all(engines.map(engine => clock.during(() => workAll(engine, tokens))))
    const runs = await readRuns(store, ids)
    const open = runs.filter(run => !isFinished(run))
    if (open.length === 0) return runs
    if (engines.some(({ stopping }) => stopping.aborted)) return runs
    await clock.until(new Date(Math.min(...open.map(({ dueAt }) => dueAt?.getTime() ?? 0))))
    await wake(engines[0]!)
  }
  return readRuns(store, ids)
}

async function workAll(engine: Engine, tokens: string[]): Promise<void> {
  for (let run = tokens.shift(); run !== undefined; run = tokens.shift()) {
    if (engine.stopping.aborted) return void tokens.unshift(run)
    await work(engine, { id: randomUUID(), run, attempt: 0, signal: new AbortController().signal })
  }
}
