import type { Log } from '../core/log.ts'
import { exponential } from '../core/retry.ts'
import type { Source } from '../core/source.ts'
import { arrive } from '../db/presence.ts'
import type { Asker } from '../engine/engine.ts'
import { lineOf } from '../engine/line.ts'
import { emptyPurse } from '../engine/purse.ts'
import { emptyWallet, flushUses } from '../engine/wallet.ts'
import type { App } from './app.ts'
import { openLimits } from './limits.ts'
import { userAgent } from './name.ts'
import { openWire } from './wire.ts'

/** What a command needs that asks a vendor by itself, through the same limits as everything else. */
export async function withAsker<T>(app: App, log: Log, work: (asker: Asker) => Promise<T>): Promise<T> {
  const { store, clock, settings, vault } = app
  const wire = await openWire({ deadline: 10_000 })
  const { limits, close } = await openLimits(app, store)
  const { worker, leave } = await arrive(store)
  const own = { purse: emptyPurse(), wallet: emptyWallet(), transport: wire.fetch }
  const asker: Asker = { ...own, store, clock, limits, vault, worker, egress: settings.egress, userAgent, log }
  try {
    return await work(asker)
  } finally {
    await flushUses(asker).catch(error => log('debug', String(error)))
    await Promise.all([wire.close(), close(), leave()])
  }
}

/** How a vendor answers a cheap question: how long it took, and how far its clock is from ours (ms; ahead is positive). */
export type Reached = { ms: number; offset: number }

/** Asks a vendor its cheap question for an account; undefined where nothing cheap can be asked. */
export async function reach(asker: Asker, source: Source, who: string): Promise<Reached | undefined> {
  const { probe } = source.connector
  if (!probe) return undefined
  const line = lineOf(asker, source, { who, costs: probe.limit, retries: exponential({ retries: 0, base: '1s' }) })
  const [sent, before] = [await asker.clock.now(), performance.now()]
  const { answer } = await line({ format: { kind: 'json' }, ...probe.ask }, AbortSignal.timeout(15_000))
  const ms = performance.now() - before
  const at = probe.clock?.(answer) ?? answer.at
  return { ms, offset: at.getTime() - (sent.getTime() + ms / 2) }
}
