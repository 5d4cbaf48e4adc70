import type { Credentials } from './account.ts'
import type { Connector } from './connector.ts'
import { Misuse } from './failure.ts'
import type { Part } from './part.ts'
import type { Slice } from './run.ts'
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
  options: Record<string, unknown>
}

/** The slice of a source that a part is. */
export function sliceOf({ connector, account, stream }: Source, part: Part): Slice {
  return { connector: connector.name, account, stream: stream.name, part }
}

/** The source a slice belongs to. @throws Misuse when this program knows no such stream. */
export function sourceOf(sources: readonly Source[], slice: Omit<Slice, 'part'>): Source {
  const found = find(sources, slice)
  if (found) return found
  const { connector, account, stream } = slice
  throw new Misuse('unknown-stream', `There is no stream ${connector}.${stream} for the account ${account} here`)
}

/**
 * Whether this program knows the stream of a slice: others that share its database may have other settings, and other
 * connectors.
 */
export function isKnown(sources: readonly Source[], slice: Omit<Slice, 'part'>): boolean {
  return find(sources, slice) !== undefined
}

function find(sources: readonly Source[], { connector, account, stream }: Omit<Slice, 'part'>): Source | undefined {
  return sources.find(
    each => each.connector.name === connector && each.account === account && each.stream.name === stream,
  )
}
