import type { Connector } from '../core/connector.ts'
import { addressOf, type Source } from '../core/source.ts'
import { isDerived, type PullStream } from '../core/stream.ts'
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
  const sources = sourcesOf(connector, settings)
  const now = new Date(settings.now ?? Date.now())
  let made: Promise<Survey> | undefined
  const kit: Kit = {
    connector,
    pages: settings.pages ?? 1000,
    records: settings.records ?? 1_000_000,
    warn: settings.warn ?? (line => void process.stderr.write(`${line}\n`)),
    cellar,
    streams: chosen(connector, settings),
    source: stream => sources.get(stream.name)!,
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

function chosen(connector: Connector, { streams: names }: Settings): readonly PullStream[] {
  for (const name of names ?? []) known(connector, name, 'streams')
  return connector.streams.filter(stream => !isDerived(stream) && (names?.includes(stream.name) ?? true))
}

function known({ streams, name }: Connector, wanted: string, setting: string): void {
  if (streams.some(stream => stream.name === wanted)) return
  const names = streams.map(stream => stream.name).join(', ')
  throw new RangeError(
    `${name} has no stream "${wanted}"; it has ${names}. Correct the setting "${setting}" of the kit`,
  )
}

/** Every stream with its settings. At the vendor's own address: no question leaves the process. */
function sourcesOf(connector: Connector, { account, options = {} }: Settings): Map<string, Source> {
  const own = connector.options.parse({}) as { base_url: string }
  const credentials = connector.credentials?.parse(account ?? {}) as Source['credentials'] | undefined
  for (const name of Object.keys(options)) known(connector, name, 'options')
  const whose = {
    connector,
    account: connector.account ?? 'kit',
    credentials: credentials ?? {},
    baseUrl: addressOf(own),
    settings: own,
  }
  return new Map(
    connector.streams.map(stream => {
      return [stream.name, { ...whose, stream, options: stream.options.parse(options[stream.name] ?? {}) }]
    }),
  )
}
