import type { Connector } from '../core/connector.ts'
import { type Source, sliceOf } from '../core/source.ts'
import type { PullStream } from '../core/stream.ts'
import type { Cellar } from './store.ts'

/** What every world is made of: the connector, its streams that are looked at, their settings, and where databases come from. */
export type Ground = {
  connector: Connector
  streams: readonly PullStream[]
  source(stream: PullStream): Source
  cellar: Cellar
  /** More pages than this are taken for pages without an end. */
  pages: number
}

/**
 * The streams that bring the rows which a stream's questions are about, the first ones first; itself last. Those that begin with
 * such a stream go on with its rows, and come after it.
 */
export function withSubjects({ connector }: Pick<Ground, 'connector'>, stream: PullStream): PullStream[] {
  const table = stream.for?.table
  if (table === undefined) return [stream]
  const others = connector.streams.filter(each => each !== stream)
  const bring = others.filter(each => each.table === table)
  const goOn = others.filter(each => bring.some(({ name }) => name === each.begins))
  return [...[...bring, ...goOn].flatMap(each => withSubjects({ connector }, each)), stream]
}

/** A stream's name with that of its connector, as messages begin. */
export function nameOf({ connector }: Pick<Ground, 'connector'>, { name }: PullStream): string {
  return `${connector.name}.${name}`
}

/** The slices of a source, one for each of its parts. */
export function slicesOf(source: Source) {
  return source.stream.parts(source.options).map(part => sliceOf(source, part))
}
