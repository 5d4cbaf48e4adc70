import type { Credentials } from './account.ts'
import type { Connector } from './connector.ts'
import { type Failure, Misuse } from './failure.ts'
import type { Part } from './part.ts'
import type { Said, Slice } from './run.ts'
import type { PullStream } from './stream.ts'

/** A stream of an account with its settings: what can be planned and worked. */
export type Source = {
  connector: Connector
  stream: PullStream
  /** The slug of the account, and what it shows to the vendor. */
  account: string
  credentials: Credentials
  /** Where the vendor answers; paths are added to it. */
  baseUrl: string
  /** Settings of the whole connector, as they are for this account. */
  settings: Readonly<Record<string, unknown>>
  /** Settings of the stream, as they are configured, or with what `flags` say. */
  options: Record<string, unknown>
  /** What a command says by flags, which goes with the runs that are planned of it. */
  flags?: Said | undefined
  /** Why nothing is asked for this account now: it is paused, or its credentials cannot be opened here. */
  held?: Failure | undefined
}

/**
 * Where a connector's vendor answers, by its settings: `base_url`, in which a name in braces stands for the setting of that
 * name (`https://{access_name}.acme.example`).
 */
export function addressOf(settings: Readonly<Record<string, unknown>>): string {
  return String(settings.base_url).replace(/\{(\w+)\}/g, (braces, name) => String(settings[name] ?? braces))
}

/**
 * Where a host of the vendor answers: the connector's own without a name.
 * @throws RangeError when the connector has no such host
 */
export function hostOf({ connector, baseUrl, settings }: Source, host: string | undefined): string {
  if (host === undefined) return baseUrl
  const url = settings[`${host}_url`]
  if (typeof url !== 'string') throw new RangeError(`${connector.name} has no host "${host}"`)
  return url
}

/** The slice of a source that a part is. */
export function sliceOf({ connector, account, stream }: Source, part: Part): Slice {
  return { connector: connector.name, account, stream: stream.name, part }
}

/** The source a slice belongs to. @throws Misuse when this program knows no such stream. */
export function sourceOf(sources: readonly Source[], slice: Omit<Slice, 'part'>): Source {
  const found = findSource(sources, slice)
  if (found) return found
  const { connector, account, stream } = slice
  throw new Misuse('unknown-stream', `There is no stream ${connector}.${stream} for the account ${account} here`)
}

/**
 * Whether this program knows the stream of a slice: others that share its database may have other settings, and other
 * connectors.
 */
export function isKnown(sources: readonly Source[], slice: Omit<Slice, 'part'>): boolean {
  return findSource(sources, slice) !== undefined
}

/** The source of a slice, as it is now; undefined when this program knows none. */
export function findSource(
  sources: readonly Source[],
  { connector, account, stream }: Omit<Slice, 'part'>,
): Source | undefined {
  const name = plainName(stream)
  const found = sources.find(
    each => each.connector.name === connector && each.account === account && each.stream.name === name,
  )
  return found && isNewborn(stream) ? newborn(found) : found
}

/**
 * A new generation of a stream is loaded beside the one that is in use: it has ledgers of its own under the stream's name with
 * this ending, which no stream can have, and a table of its own. When it is complete, it takes the place of the other.
 */
const ending = '~new'

/** The schema in which new generations are loaded. */
export const nursery = 'sluice_new'

/** The stream's own name, of whichever generation. */
function plainName(stream: string): string {
  return stream.endsWith(ending) ? stream.slice(0, -ending.length) : stream
}

/** Whether a name means the new generation. */
function isNewborn(stream: string): boolean {
  return stream.endsWith(ending)
}

/** The source of the new generation. Questions about rows of ours are about all of them. */
export function newborn(source: Source): Source {
  const { connector, stream } = source
  const table = `${nursery}.${connector.name}_${stream.name}`
  const asked = stream.for ? { for: { ...stream.for, flag: undefined } } : {}
  const young = { ...stream, ...asked, name: stream.name + ending, table, ...{ partition: undefined } }
  return { ...source, stream: young as unknown as PullStream }
}
