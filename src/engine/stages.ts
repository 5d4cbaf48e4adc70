import type { Source } from '../core/source.ts'
import { isDerived } from '../core/stream.ts'

/**
 * What is asked for by hand, in the order in which one stream needs what another brings: what asks about rows of ours, or
 * derives rows from them, comes after the streams that write them. Each stage is worked to its end before the next begins.
 */
export function stagesOf<Wish extends { source: Source }>(wishes: readonly Wish[]): Wish[][] {
  const stages: Wish[][] = []
  for (const wish of wishes) {
    const depth = depthOf(wish.source, wishes)
    while (stages.length <= depth) stages.push([])
    stages[depth]!.push(wish)
  }
  return stages.filter(stage => stage.length > 0)
}

function depthOf(source: Source, wishes: readonly { source: Source }[], seen: readonly Source[] = []): number {
  const needed = tableNeeded(source)
  const givers = wishes.map(wish => wish.source).filter(each => each.stream.table === needed && !isSame(each, source))
  const depths = givers.filter(each => !seen.includes(each)).map(each => depthOf(each, wishes, [...seen, source]) + 1)
  return Math.max(0, ...depths)
}

function tableNeeded({ stream }: Source): string | undefined {
  return isDerived(stream) ? stream.from.table : stream.for?.table
}

function isSame(a: Source, b: Source): boolean {
  return a.connector.name === b.connector.name && a.stream.name === b.stream.name
}
