import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { imitateAcme } from '../../src/sim/acme/acme.ts'
import { serve } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { type Env, jsonOf, run, setupFolder, start, until, urlOf } from '../setup/sluice.ts'

type Summary = { state: string; runs: Told[]; overruled: string[] }
type Told = { id: string; state: string; flags: Record<string, string> | null }

/** A connector with flags, whose vendor asks for seven seconds of patience, or says something else, until it is open; 50 records, 20 a page. */
async function setup(refusal = () => new Response('later', { status: 429, headers: { 'retry-after': '7' } })) {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  const acme = imitateAcme({ accounts: ['anna'], since: Date.parse('2025-03-10T00:00:00Z'), every: 60_000, rows: 50 })
  let isOpen = false
  const vendor = await serve({ ...acme, fetch: async request => (isOpen ? acme.fetch(request) : refusal()) })
  onTestFinished(vendor.close)
  await cp(join(import.meta.dirname, '../fixtures/acme'), join(folder, 'acme'), { recursive: true })
  await writeFile(join(folder, 'sluice.yaml'), 'connectors: [./acme]\n')
  const env: Env = { DATABASE_URL: urlOf(database.connection), ACME_BASE_URL: `${vendor.url}/anna` }
  const sluice = (...args: string[]) => run(args, { folder, env })
  expect((await sluice('migrate')).code).toBe(0)
  const states = () => database.store.query<{ state: string }>('select state from sluice.runs order by id')
  const waits = () => until('a run waits', async () => (await states()).some(({ state }) => state === 'waiting'))
  const ends = () => until('the run ends', async () => (await states()).every(({ state }) => state === 'success'))
  const open = () => {
    isOpen = true
  }
  const asked = () => acme.calls.map(({ cursor }) => cursor)
  const flags = async () =>
    (await database.store.query<{ size: string | null }>(`select flags ->> 'page-size' as size from sluice.runs`))[0]!
      .size
  return { flags, sluice, begin: (...args: string[]) => start(args, { folder, env }), waits, ends, open, asked }
}

it('what the flags of a command say is done by another process that takes its run, and told of the run', async () => {
  const { sluice, begin, waits, ends, open, asked } = await setup()
  const sync = begin('sync', 'acme.orders', '--shops', 'rome', '--page-size', '25')
  await waits()
  sync.signal('SIGINT')
  await sync.ended
  open()
  const up = begin('up', '--roles', 'worker')
  await ends()
  up.signal('SIGINT')
  await up.ended
  expect(asked()).toEqual([0, 25])
  const [told] = jsonOf<Told[]>(await sluice('runs', '--json'))
  expect(told).toMatchObject({ state: 'success', flags: { 'page-size': '25' } })
  expect((await sluice('runs', told!.id)).out).toMatch(/flags +--page-size 25/)
  expect((await sluice('runs')).out).toMatch(/--page-size 25/)
  expect((await sluice('status')).out).toMatch(/--page-size 25/)
  expect(jsonOf(await sluice('status', '--json'))).toMatchObject({ parts: [{ run: { flags: { 'page-size': '25' } } }] })
})

it('a command whose run another one has asked for with other flags says so, and is not a success', async () => {
  const { begin, waits, open, asked, flags } = await setup()
  const first = begin('sync', 'acme.orders', '--page-size', '25', '--json')
  await waits()
  const second = begin('sync', 'acme.orders', '--page-size', '50', '--json')
  await until('the run has the flags of the second command', async () => (await flags()) === '50')
  open()
  const [overruled, done] = await Promise.all([first.ended, second.ended])
  expect(asked()).toEqual([0])
  const { runs } = jsonOf<Summary>(done)
  expect(done.code, done.err).toBe(0)
  expect(jsonOf<Summary>(done)).toMatchObject({
    state: 'success',
    overruled: [],
    runs: [{ flags: { 'page-size': '50' } }],
  })
  expect(overruled.code, overruled.err).toBe(3)
  expect(jsonOf<Summary>(overruled)).toMatchObject({ state: 'partial', overruled: [runs[0]!.id] })
})

it('a run that failed is run again by the flags of the command that asked for it', async () => {
  const { sluice, open, asked } = await setup(() => new Response('no', { status: 400 }))
  expect((await sluice('sync', 'acme.orders', '--page-size', '25')).code).toBe(1)
  open()
  const again = await sluice('runs', '--retry', '--json')
  expect(again.code, again.err).toBe(0)
  expect(jsonOf<Summary>(again)).toMatchObject({ state: 'success', runs: [{ flags: { 'page-size': '25' } }] })
  expect(asked()).toEqual([0, 25])
})
