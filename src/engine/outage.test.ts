import { expect, test, vi } from 'vitest'
import { setup } from '../../test/setup/engine.ts'

/** A disk that has room for a little, but not for a page. */
const fill = refusing('could not extend file: No space left on device', 'disk_full')

function refusing(message: string, code: string): string {
  return `
    create function binance.refuse() returns trigger language plpgsql as $$
    begin raise exception '${message}' using errcode = '${code}'; end $$;
    create trigger refuse before insert on binance.candles for each row execute function binance.refuse()`
}

test('pages that find no room are asked for more and more seldom, told of once, and stored when there is room', async () => {
  const bench = await setup()
  await bench.store.query(fill)
  const { log } = await bench.start()
  const { runs } = await bench.want()
  const asks = () => bench.sim.calls.filter(({ query }) => query.startTime === bench.sim.calls[0]!.query.startTime)
  await vi.waitFor(() => expect(asks()).toHaveLength(3), { timeout: 20_000 })
  const full = /^error: The disk of the database at .* is full: could not extend file: .* Make room on it\./
  expect(log).toEqual([
    expect.stringMatching(full),
    expect.stringMatching(/^info: .* can be written to again after \d s/),
  ])
  const second = expect.stringMatching(/can be written to again after [2-9] s/)
  expect(await bench.alerts()).toMatchObject([{ level: 'critical', code: 'store-full', times: 1, message: second }])

  await bench.store.query('drop trigger refuse on binance.candles')
  expect(await bench.finish(runs)).toMatchObject([{ state: 'success' }])
  expect(await bench.rows()).toEqual(bench.truth())
  expect(await bench.alerts()).toEqual([])
})

test('an engine that waits for its database can be stopped', async () => {
  const bench = await setup()
  await bench.store.query(fill)
  const { log, stop } = await bench.start()
  const { runs } = await bench.want()
  await vi.waitFor(() => expect(log).toHaveLength(1), { timeout: 20_000 })
  await stop()
  await bench.store.query('drop trigger refuse on binance.candles')
  await bench.start()
  expect(await bench.finish(runs)).toMatchObject([{ state: 'success' }])
  expect(await bench.rows()).toEqual(bench.truth())
})

test('a page that others are in the way of is tried again and told of, until it gets through', async () => {
  const bench = await setup()
  await bench.store.query(refusing('canceling statement due to lock timeout', 'lock_not_available'))
  const { log } = await bench.start()
  const { runs } = await bench.want()
  const busy = expect.stringMatching(
    /^warn: The database at .* was too busy with something else: .* It is tried again\.$/,
  )
  await vi.waitFor(() => expect(log.slice(0, 2)).toEqual([busy, busy]), { timeout: 20_000 })
  await bench.store.query('drop trigger refuse on binance.candles')
  expect(await bench.finish(runs)).toMatchObject([{ state: 'success', deaths: 0, retries: 0 }])
  expect(await bench.rows()).toEqual(bench.truth())
})
