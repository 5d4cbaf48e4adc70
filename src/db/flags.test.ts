import { expect, test } from 'vitest'
import { setupDatabase } from '../../test/setup/database.ts'
import { giveFlags } from './flags.ts'
import { planRepair } from './repairs.ts'
import { planRun, readRuns } from './runs.ts'

const noon = new Date('2026-03-01T12:00:00Z')
const slice = { connector: 'acme', account: 'main', stream: 'offers', part: {} }
const plan = { span: 'now', cause: 'sync', priority: 'normal', from: noon, to: null } as const

async function setup(flags: Record<string, string> | null) {
  const { store } = await setupDatabase()
  const { id } = await planRun(store, slice, { ...plan, flags })
  const read = async (which = id) => (await readRuns(store, [which]))[0]!
  return { store, id, read }
}

test('a repair has the flags of the run that lacked something', async () => {
  const { store, id, read } = await setup({ pages: '5' })
  await store.query(`update sluice.runs set state = 'partial'`)
  await planRepair(store, slice, await read())
  const [repair] = await store.query<{ id: string }>('select id::text from sluice.runs where id <> $1', [id])
  expect(await read(repair!.id)).toMatchObject({ cause: 'heal', state: 'waiting', flags: { pages: '5' } })
})

test('no flags and an empty list of them are the same', async () => {
  const { store, id, read } = await setup({})
  await store.query(`update sluice.runs set state = 'running', worker = 'host:1'`)
  await giveFlags(store, id, {})
  expect(await read()).toMatchObject({ flags: null, state: 'running', worker: 'host:1' })
})

test('a run that has ended keeps the flags it was worked with', async () => {
  const { store, id, read } = await setup({ pages: '5' })
  await store.query(`update sluice.runs set state = 'success'`)
  await giveFlags(store, id, { pages: '6' })
  expect(await read()).toMatchObject({ flags: { pages: '5' }, state: 'success' })
})
