import { expect, test } from 'vitest'
import { setup } from '../../test/setup/engine.ts'
import type { Auth } from '../core/auth.ts'
import { Paused } from '../core/failure.ts'
import type { Source } from '../core/source.ts'
import { audit } from '../db/audit.ts'
import type { Vendor } from '../sim/serve.ts'
import { plan } from './plan.ts'

const auth: Auth = { kind: 'fixed', headers: ({ key = '' }) => ({ 'x-key': key }) }

/** A world whose vendor wants a key, and notes which one it was shown. */
async function setupKeyed() {
  const shown: (string | null)[] = []
  const before = (vendor: Vendor): Vendor => ({
    fetch: request => {
      shown.push(request.headers.get('x-key'))
      return vendor.fetch(request)
    },
  })
  const bench = await setup({ before })
  const { account, ...connector } = bench.source.connector
  const source: Source = {
    ...bench.source,
    connector: { ...connector, auth },
    account: 'main',
    credentials: { key: 'one' },
  }
  return { ...bench, source, shown }
}

const wishOf = (source: Source) => ({ source, parts: source.stream.parts(source.options) })

test('credentials that are rotated while a run is under way are shown from the next question on', async () => {
  const { source, sim, start, ended, shown } = await setupKeyed()
  const { engine } = await start({ sources: [source] })
  const hold = sim.faults.add({ kind: 'hold', match: { nth: 3 } })
  const { runs } = await plan(engine, { ...wishOf(source), cause: 'schedule' })
  await hold.reached
  engine.sources = [{ ...source, credentials: { key: 'two' } }]
  hold.release()
  expect(await ended(runs[0]!)).toMatchObject({ state: 'success', account: 'main' })
  expect(shown.slice(0, 3)).toEqual(['one', 'one', 'one'])
  expect(new Set(shown.slice(3))).toEqual(new Set(['two']))
})

test('a run whose account is removed ends at its next question, without an alert', async () => {
  const { source, sim, start, ended, alerts } = await setupKeyed()
  const { engine } = await start({ sources: [source] })
  const hold = sim.faults.add({ kind: 'hold', match: { nth: 3 } })
  const { runs } = await plan(engine, { ...wishOf(source), cause: 'schedule' })
  await hold.reached
  engine.sources = []
  hold.release()
  expect(await ended(runs[0]!)).toMatchObject({ state: 'failed', errorCode: 'account-removed', pages: 3 })
  expect(sim.calls).toHaveLength(3)
  expect(await alerts()).toEqual([])
})

test('a run that was throttled while its account was removed ends when it is due', async () => {
  const { source, sim, start, ended, alerts, store, pass, run } = await setupKeyed()
  const { engine } = await start({ sources: [source] })
  sim.faults.add({ kind: 'status', status: 429, retryAfter: 60, match: { nth: 3 } })
  const { runs } = await plan(engine, { ...wishOf(source), cause: 'schedule' })
  await expect.poll(() => run(runs[0]!), { timeout: 20_000 }).toMatchObject({ state: 'waiting' })
  engine.sources = []
  await audit(store, { actor: 'somebody', action: 'remove', connector: source.connector.name, account: 'main' })
  await pass(90_000)
  expect(await ended(runs[0]!)).toMatchObject({ state: 'failed', errorCode: 'account-removed' })
  expect(await alerts()).toEqual([])
})

test('a run of an account that is held waits when a schedule wants it, and fails when it was asked for by hand', async () => {
  const { source, sim, start, ended, run, alerts, pauses } = await setupKeyed()
  const held = new Paused('account-paused', 'the account acme/main is paused (on holiday)')
  const { engine } = await start({ sources: [{ ...source, held }] })
  const byHand = await plan(engine, { ...wishOf(source), cause: 'sync' })
  expect(await ended(byHand.runs[0]!)).toMatchObject({ state: 'failed', errorCode: 'account-paused' })
  const { runs } = await plan(engine, { ...wishOf(source), cause: 'schedule' })
  await expect.poll(() => run(runs[0]!), { timeout: 20_000 }).toMatchObject({ state: 'waiting', reason: held.message })
  expect([sim.calls, await alerts(), await pauses()]).toEqual([[], [], []])
})
