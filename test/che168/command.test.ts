import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { imitateChe168 } from '../../src/sim/che168/che168.ts'
import { serve, type Vendor } from '../../src/sim/serve.ts'
import { setupDatabase } from '../setup/database.ts'
import { jsonOf, run, setupFolder, start, until, urlOf } from '../setup/sluice.ts'
import { day } from './bench.ts'
import { scripted } from './script.ts'

const key = 'key-that-nobody-shall-read'

/** A market of our own days, whose events began three days ago. */
async function setup(before: (sim: Vendor) => Vendor = sim => sim) {
  const [folder, database] = [await setupFolder(), await setupDatabase()]
  const since = Math.floor(Date.now() / day) * day - 3 * day
  const sim = imitateChe168({ adverts: 100, eventsPerDay: 30, since, key })
  const served = await serve(before(sim))
  onTestFinished(served.close)
  const free = '{max: 100000, every: 1s, burst: 100000}'
  const limits = ['offers', 'changes', 'offer', 'filters'].map(name => `    ${name}: ${free}`)
  await writeFile(join(folder, 'sluice.yaml'), `che168:\n  limits:\n${limits.join('\n')}\n`)
  const env = {
    CHE168_BASE_URL: `${served.url}/api/v2/che168`,
    DATABASE_URL: urlOf(database.connection),
    SLUICE_SECRET_KEY: 'a-key-for-tests-of-che168-0000001',
  }
  const sluice = (...args: string[]) => run(args, { folder, env: { ...env, CHE168_API_KEY: key } })
  return { ...database, sim, sluice, folder, env }
}

type Told = { stream: string; rows: number; left: number | null }
type Synced = { runs: { stream: string; state: string; records: number; total: number | null }[] }

test('some pages of the list, some days of changes, and everything, typed', async () => {
  const { sluice, sim, store } = await setup()
  const ended: { out: string; err: string }[] = []
  const sync = async (...args: string[]) => {
    const done = await sluice('sync', ...args, '--json')
    ended.push(done)
    expect(done.code, done.err).toBe(0)
    return jsonOf<Synced>(done).runs
  }
  expect(await sync('che168.offers', '--max-pages', '3')).toMatchObject([{ state: 'success', records: 60, total: 60 }])
  const cut = await sluice('verify')
  expect([cut.code, cut.out]).toEqual([3, expect.stringMatching(/offers.*: incomplete, 60 rows counted, 60 proven/)])
  const text = await sluice('sync', 'che168.offers')
  expect(text.code, text.err).toBe(0)
  expect(text.err).toMatch(/Progress: [\d.]+% \([\d,]+ \/ [\d,]+ records\) \| Speed: [\d,]+ records\/min/)
  expect(await sync('che168.changes', '--max-dates', '1')).toMatchObject([{ state: 'success' }])
  const [state] = await store.query<{ behind: number }>(
    `select (now() at time zone 'UTC')::date - last_successful_date as behind from che168.sync_state`,
  )
  expect(state!.behind).toBe(1)
  const runs = await sync('che168')
  expect(new Set(runs.map(({ stream }) => stream))).toEqual(
    new Set(['offers', 'changes', 'offer', 'filters', 'adverts']),
  )
  expect(runs.every(({ state }) => state === 'success')).toBe(true)
  const yesterday = Math.floor(Date.now() / day) * day - day
  const held = [...sim.truth(Date.now(), yesterday)].length
  const [rows] = await store.query(
    `select (select count(*)::int from che168.raw_data) as raw, (select count(*)::int from che168.processed_data) as processed`,
  )
  expect(rows).toEqual({ raw: held, processed: held })
  const { parts } = jsonOf<{ parts: Told[] }>(await sluice('status', '--json'))
  expect(parts.find(({ stream }) => stream === 'adverts')).toMatchObject({ rows: held, left: 0 })
  const said = [...ended, text].map(({ out, err }) => out + err).join()
  expect(said).not.toContain(key)
  expect(await sluice('verify')).toMatchObject({ code: 0, out: expect.not.stringContaining('incomplete') })
  const standing = await sluice('status')
  expect(standing.out).toMatch(new RegExp(`che168\\.adverts +success +${held}`))
  expect(standing.out).toMatch(/che168\.offers +initial_load +success +\d+ /)
}, 180_000)

test('an advert that is asked about and completed becomes a row in the same sync', async () => {
  const advert = { mark: 'Kia', model: 'Rio', price: '80000', year: '2019', km_age: '5' }
  const script = scripted({
    offers: [{ id: 1, inner_id: '50000001', change_type: 'added', data: { ...advert, inner_id: '50000001' } }],
    events: [{ id: 100, inner_id: '50000002', change_type: 'changed', data: { new_price: 7500 } }],
    adverts: { 50000002: { ...advert, inner_id: '50000002' } },
    asked: [],
  })
  const { sluice, store } = await setup(sim => ({
    fetch: request => (request.url.includes('/filters') ? sim : script).fetch(request),
  }))
  const done = await sluice('sync', 'che168', '--json')
  expect(done.code, done.err).toBe(0)
  const { runs } = jsonOf<Synced>(done)
  expect(runs.find(({ stream }) => stream === 'adverts')).toMatchObject({ state: 'success', records: 2 })
  expect(await store.query('select inner_id, partial, mark, price::int from che168.processed_data order by 1')).toEqual(
    [
      { inner_id: '50000001', partial: false, mark: 'Kia', price: 80_000 },
      { inner_id: '50000002', partial: false, mark: 'Kia', price: 7_500 },
    ],
  )
}, 60_000)

test('values that no dictionary has are listed, the most frequent first, and no rows are made', async () => {
  const car = { mark: 'Kia', model: 'Rio', price: '80000', year: '2019', km_age: '5' }
  const odd = [
    { color: 'Серо-Буро' },
    { mark: '金冠汽车', color: 'Серо-Буро' },
    { mark: '金冠汽车' },
    { color: 'Серо-Буро' },
  ]
  const offers = [...odd, { color: 'ни то ни сё' }].map((data, nth) => {
    const inner_id = String(50_000_001 + nth)
    return { id: nth, inner_id, change_type: 'added', data: { ...car, ...data, inner_id } }
  })
  const { sluice, store } = await setup(() => scripted({ offers, asked: [] }))
  const list = (...args: string[]) => sluice('normalize', ...args, '--unmapped')
  expect((await sluice('sync', 'che168.offers')).code).toBe(0)
  expect(await list('che168')).toMatchObject({
    ...{ code: 0, out: 'Nothing is unmapped: all that che168.adverts has dealt with is in its dictionaries.\n' },
  })
  expect(await store.query('select 1 from che168.processed_data')).toEqual([])
  expect((await sluice('normalize', 'che168')).code).toBe(0)
  const [color, mark, other] = [
    { stream: 'che168.adverts', field: 'color', value: 'Серо-Буро', times: 3 },
    { stream: 'che168.adverts', field: 'mark', value: '金冠汽车', times: 2 },
    { stream: 'che168.adverts', field: 'color', value: 'ни то ни сё', times: 1 },
  ]
  expect(jsonOf(await list('--json'))).toEqual({ total: 3, values: [color, mark, other] })
  expect(jsonOf(await list('che168.adverts', '--limit', '2', '--json'))).toEqual({ total: 3, values: [color, mark] })
  const text = await list('che168', '--limit', '1')
  expect(text.out).toMatch(
    /^stream +field +value +times\nche168.adverts +color +Серо-Буро +3\n1 of 3; for all of them: --limit 3\n$/,
  )
  const refused = await list('ozon')
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('those that do: che168.adverts')])
}, 60_000)

test.each([
  [['--unmapped', '--all'], '--unmapped only lists'],
  [['--unmapped', '--account', 'main'], 'all accounts together'],
  [['--unmapped', '--limit', '0'], 'no whole number above 0'],
  [['--limit', '5'], '--limit says how many --unmapped lists'],
])(
  'normalize %j is refused with a reason',
  async (args, reason) => {
    const refused = await run(['normalize', ...args], { folder: await setupFolder() })
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(reason)])
  },
  30_000,
)

test('the list is not loaded beside itself, and what to do is told', async () => {
  const { sluice } = await setup()
  const refused = await sluice('sync', 'che168.offers', '--resync', '--json')
  expect(refused.code).toBe(2)
  expect(jsonOf(refused)).toMatchObject({
    error: { code: 'not-replayable', message: expect.stringContaining('che168.changes') },
  })
})

test('a wrong key is told where it is entered, and the doctor asks whether the vendor answers', async () => {
  const { folder, env } = await setup()
  const as = (api_key: string, ...args: string[]) => run(args, { folder, env: { ...env, CHE168_API_KEY: api_key } })
  const refused = await as('no key of theirs', 'accounts', 'add', 'che168', 'main', '--from-env', '--json')
  expect(jsonOf(refused)).toMatchObject({
    error: { code: 'credentials-refused', message: expect.stringContaining('CHE168_API_KEY') },
  })
  expect(refused.out + refused.err).not.toContain('no key of theirs')
  const added = await as(key, 'accounts', 'add', 'che168', 'main', '--from-env', '--json')
  expect(jsonOf(added)).toMatchObject({ account: 'che168/main', done: 'added', test: { outcome: 'accepted' } })
  const doctor = await as(key, 'doctor', '--json')
  const checks = jsonOf<{ check: string; ok: boolean; seen: string }[]>(doctor)
  expect(checks.find(({ seen }) => seen.includes('/api/v2/che168'))).toMatchObject({ ok: true })
}, 120_000)

test('normalize --all makes all rows anew also where another process was amid them', async () => {
  const { sluice, store, another, folder, env } = await setup()
  const normalize = (...more: string[]) => {
    const args = ['normalize', 'che168.adverts', '--batch-size', '20', ...more]
    return start(args, { folder, env: { ...env, CHE168_API_KEY: key } })
  }
  const one = async (text: string) => (await store.query<{ one: string }>(text))[0]?.one
  const version = () => one(`select xmin::text as one from sluice.runs where state = 'running'`)
  await sluice('sync', 'che168.offers')
  expect((await normalize().ended).code).toBe(0)
  await store.query('update che168.raw_data set is_processed = false')
  const commands = await another(1).transaction(async tx => {
    await tx.query('select from che168.processed_data order by inner_id desc limit 1 for update')
    const first = normalize()
    const waiting = `select 'yes' as one from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await until('a batch waits', () => one(waiting))
    const before = await version()
    const second = normalize('--all')
    await until('the second one follows the run of the first', async () => (await version()) !== before)
    return [first, second]
  })
  const [first, second] = await Promise.all(commands.map(each => each.ended))
  expect([first!.code, second!.code], second!.err).toEqual([0, 0])
  expect(await one('select count(*)::int as one from che168.raw_data where not is_processed')).toBe(0)
})
