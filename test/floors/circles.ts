import type { File } from './house.ts'

/**
 * Files that reach themselves through their imports, types included: one line for each knot of them, with a shortest
 * way around.
 */
export function circles(files: readonly Pick<File, 'path' | 'imports'>[]): string[] {
  const targets = new Map(files.map(({ path, imports }) => [path, imports.map(({ text }) => text)]))
  const told = new Set<string>()
  return files.flatMap(({ path }) => {
    const way = told.has(path) ? undefined : wayBack(path, targets)
    for (const each of way ?? []) told.add(each)
    return way ? [[...way, path].join(' -> ')] : []
  })
}

/** The shortest way from a file to itself, without the last step. */
function wayBack(path: string, targets: ReadonlyMap<string, string[]>): string[] | undefined {
  const ways = [[path]]
  const seen = new Set<string>()
  for (const way of ways) {
    for (const next of targets.get(way.at(-1)!) ?? []) {
      if (next === path) return way
      if (seen.has(next)) continue
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return undefined
}
