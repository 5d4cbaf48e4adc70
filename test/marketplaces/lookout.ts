import { onTestFinished } from 'vitest'
import { ozon } from '../../src/connectors/ozon/index.ts'
import { wildberries } from '../../src/connectors/wildberries/index.ts'
import type { Connector } from '../../src/core/connector.ts'
import type { Source } from '../../src/core/source.ts'
import { storeClock } from '../../src/db/clock.ts'
import { postgresLimits } from '../../src/db/limits.ts'
import { openQueue } from '../../src/db/queue.ts'
import { vaultOf } from '../../src/db/vault.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { noOutage } from '../../src/engine/outage.ts'
import { emptyPurse } from '../../src/engine/purse.ts'
import { planDue } from '../../src/engine/schedule.ts'
import { wake } from '../../src/engine/tend.ts'
import { emptyWallet } from '../../src/engine/wallet.ts'
import { transport } from '../../src/http/transport.ts'
import type { Database } from '../setup/database.ts'

/**
 * Processes look four times a second for what is due, all of them at the same time once they have waited for the same rows:
 * with ten days of turns, most of the time would be spent waiting for their next look. This does the same two duties when it is
 * told to, and nothing else: it works no run, takes over none, and asks nobody.
 */
export async function lookoutOf(database: Database, urls: { wildberries: string; ozon: string }) {
  const store = database.another(4)
  const queue = await openQueue(store, () => undefined)
  const wire = transport({ maxBytes: 1_000 })
  onTestFinished(async () => {
    await queue.stop(1_000)
    await wire.close()
  })
  const engine: Engine = {
    ...{ store, queue, clock: storeClock(store), limits: postgresLimits(store), purse: emptyPurse() },
    ...{ vault: vaultOf({}, async () => 'test'), wallet: emptyWallet(), perAccount: undefined, outage: noOutage() },
    ...{ worker: 'lookout', egress: 'default', userAgent: 'sluice/test', transport: wire.fetch },
    sources: [
      ...sourcesOf(wildberries, 'romashka', urls.wildberries),
      ...sourcesOf(wildberries, 'vesna', urls.wildberries),
      ...sourcesOf(ozon, 'main', urls.ozon),
    ],
    stopping: new AbortController().signal,
    log: () => undefined,
  }
  return async () => {
    await wake(engine)
    await planDue(engine)
  }
}

function sourcesOf(connector: Connector, account: string, baseUrl: string): Source[] {
  return connector.streams.map(stream => ({
    ...{ connector, stream, account, credentials: {}, baseUrl, settings: {} },
    options: stream.options.parse({}),
  }))
}
