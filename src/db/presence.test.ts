import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { absentWorkers, arrive } from './presence.ts'

const { store, connection } = await setupFileDatabase()
const absent = (...workers: string[]) => absentWorkers(store, workers)

/** While the server has only just started, nobody counts as gone. */
const settled = () =>
  vi.waitFor(async () => expect(await absent('nobody:1:000000')).toEqual(['nobody:1:000000']), { timeout: 10_000 })

test('a worker is present from its arrival until it leaves', async () => {
  const { worker, leave } = await arrive(store)
  await settled()
  expect(await absent(worker, 'elsewhere:1:abcdef')).toEqual(['elsewhere:1:abcdef'])
  await leave()
  await vi.waitFor(async () => expect(await absent(worker)).toEqual([worker]))
})

test('each arrival has a name of its own', async () => {
  const [one, other] = await Promise.all([arrive(store), arrive(store)])
  await one.leave()
  await vi.waitFor(async () => expect(await absent(one.worker, other.worker)).toEqual([one.worker]))
  await other.leave()
})

test('presence dies with the process, however it dies', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/present.ts'), JSON.stringify(connection)])
  onTestFinished(() => void child.kill('SIGKILL'))
  const [name] = await once(child.stdout, 'data')
  expect(await absent(String(name))).toEqual([])
  child.kill('SIGKILL')
  await vi.waitFor(async () => expect(await absent(String(name))).toEqual([String(name)]), { timeout: 5_000 })
})

test('a worker whose session the server ended is present again', async () => {
  const { worker, leave } = await arrive(store)
  const lost = await store.query<{ pid: number }>(
    `select pid, pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'sluice presence' and datname = current_database()`,
  )
  const again = async () => {
    const rows = await store.query<{ pid: number }>(`select pid from pg_locks where locktype = 'advisory' and granted
       and database = (select oid from pg_database where datname = current_database())`)
    return rows.filter(({ pid }) => !lost.some(old => old.pid === pid))
  }
  await vi.waitFor(async () => expect(await again()).toHaveLength(1), { timeout: 5_000 })
  expect(await absent(worker)).toEqual([])
  await leave()
  await vi.waitFor(async () => expect(await absent(worker)).toEqual([worker]))
})
