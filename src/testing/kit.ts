import type { Connector } from '../core/connector.ts'
import type { Source } from '../core/source.ts'
import type { PullStream } from '../core/stream.ts'
import type { Ground } from './ground.ts'
import { warnPersonal } from './personal.ts'
import type { Settings } from './settings.ts'
import { cellarOf } from './store.ts'
import { type Survey, survey } from './survey.ts'
import { openWorld, type Wishes, type World } from './world.ts'

/** Everything a check works with. */
export type Kit = Ground & {
  /** How many records go through a stream to see that memory stays flat. */
  records: number
  warn(line: string): void
  /** A world of the check's own, closed when the work is done. */
  within<T>(wishes: Wishes, work: (world: World) => Promise<T>): Promise<T>
  /** What one whole crawl of the vendor showed; made once. */
  survey(): Promise<Survey>
}

/** The kit for one connector and its imitated vendor. Nothing is opened before a check needs it. */
export function kitOf(connector: Connector, settings: Settings): Kit {
  const cellar = cellarOf(connector, settings.database)
  const now = new Date(settings.now ?? Date.now())
  let made: Promise<Survey> | undefined
  const kit: Kit = {
    connector,
    pages: settings.pages ?? 1000,
    records: settings.records ?? 1_000_000,
    warn: settings.warn ?? (line => void process.stderr.write(`${line}\n`)),
    cellar,
    streams: chosen(connector, settings),
    source: stream => sourceOf(connector, stream, settings),
    within: async (wishes, work) => {
      const world = await openWorld(kit, { now, vendor: settings.vendor, ...wishes })
      return work(world).finally(world.close)
    },
    survey: () => {
      made ??= survey(kit).then(found => {
        for (const sight of found.values()) warnPersonal(kit, sight)
        return found
      })
      return made
    },
  }
  return kit
}

function chosen({ streams, name }: Connector, { streams: names }: Settings): readonly PullStream[] {
  const unknown = names?.find(each => !streams.some(stream => stream.name === each))
  if (unknown !== undefined) {
    throw new RangeError(
      `${name} has no stream "${unknown}"; it has ${streams.map(stream => stream.name).join(', ')}. Correct the setting "streams"`,
    )
  }
  return streams.filter(stream => names?.includes(stream.name) ?? true)
}

/** The vendor's own address: no question leaves the process. */
function sourceOf(connector: Connector, stream: PullStream, { account, options }: Settings): Source {
  return {
    ...{ connector, stream, account: connector.account ?? 'kit', credentials: account ?? {} },
    baseUrl: (connector.options.parse({}) as { base_url: string }).base_url,
    options: stream.options.parse(options?.[stream.name] ?? {}),
  }
}
