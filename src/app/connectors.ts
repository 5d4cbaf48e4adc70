import { readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { connectors } from '../connectors/index.ts'
import type { Connector } from '../core/connector.ts'
import { Misuse } from '../core/failure.ts'
import { offerFace } from './face.ts'
import { type Named, namedConnectors, type Sources } from './settings.ts'
import { misshape } from './shape.ts'

/** Those that come with Sluice. */
export const builtIn: readonly Connector[] = connectors

/**
 * The connectors that this folder's settings know: ours, and those of the user's own that the setting `connectors` names.
 * @throws Misuse that says which file cannot be used, where it is named, and what to do.
 */
export async function knownConnectors(sources: Sources): Promise<readonly Connector[]> {
  const known = [...builtIn]
  for (const named of namedConnectors(sources)) {
    const file = fileOf(named, sources.folder)
    const connector = checked(named, file, await load(named, file))
    if (known.some(({ name }) => name === connector.name)) {
      throw misuse(named, file, `there is a connector "${connector.name}" already; give it another name`)
    }
    known.push(connector)
  }
  return known
}

function misuse({ where }: Pick<Named, 'where'>, file: string, text: string): Misuse {
  return new Misuse('bad-connector', `${where}: the connector ${file} cannot be used: ${text}`)
}

/** The file that a path means: itself, or the index of a folder. */
function fileOf(named: Named, folder: string): string {
  const path = resolve(folder, named.path)
  const kind = statSync(path, { throwIfNoEntry: false })
  if (kind?.isFile()) return path
  if (!kind) throw misuse(named, path, 'there is no such file or folder; correct the path')
  const index = ['index.ts', 'index.js']
    .map(name => join(path, name))
    .find(file => statSync(file, { throwIfNoEntry: false }))
  if (index) return index
  throw misuse(named, path, 'the folder has no index.ts or index.js; name the file itself')
}

async function load(named: Named, file: string): Promise<unknown> {
  offerFace()
  try {
    const { connector } = (await import(pathToFileURL(file).href)) as { connector?: unknown }
    if (connector !== undefined) return connector
  } catch (error) {
    throw misuse(named, file, `it does not load: ${reasonOf(error)}`)
  }
  throw misuse(named, file, 'it exports no "connector"; write: export const connector = …')
}

/** The error's own words, and the line it stands at where that is known. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = /(?:file:\/\/)?(\/[^\s()]+\.[cm]?[jt]s):(\d+)/.exec(error.stack ?? '')
  const isOurs = place?.[1]?.includes('/node_modules/')
  return place && !isOurs ? `${error.message} (${place[1]}, line ${place[2]})` : error.message
}

/** A connector whose shape is right. Its migrations may be named as its own file sees them. */
function checked(named: Named, file: string, value: unknown): Connector {
  const wrong = misshape(value)
  if (wrong !== undefined) throw misuse(named, file, wrong)
  const connector = value as Connector
  const migrations = resolve(dirname(file), connector.migrations)
  if (!statSync(migrations, { throwIfNoEntry: false })?.isDirectory()) {
    throw misuse(named, file, `its folder of migrations, ${migrations}, is not there; make it, with a file 001_….sql`)
  }
  const stray = misnumbered(migrations)
  if (stray) throw misuse(named, file, `${join(migrations, stray)} must begin with a number of its own: 001_….sql`)
  return { ...connector, migrations }
}

/** A file of SQL without a number, or with another one's. */
function misnumbered(folder: string): string | undefined {
  const files = readdirSync(folder).filter(file => file.endsWith('.sql'))
  const numbers = files.map(file => Number.parseInt(/^(\d+)_/.exec(file)?.[1] ?? '', 10))
  return files.find((_, at) => Number.isNaN(numbers[at]) || numbers.indexOf(numbers[at]!) < at)
}
