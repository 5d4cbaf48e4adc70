import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { LineCounter, parseDocument } from 'yaml'
import type { Connector } from '../core/connector.ts'
import { Misuse } from '../core/failure.ts'
import { blame } from './blame.ts'
import { type Given, type Option, optionsOf, type Settings, settingsSchema } from './schema.ts'
import { keepSecrets } from './secrets.ts'

/** Where settings come from. `flags` are the command line's: a setting's path, joined by dots, and its text. */
export type Sources = {
  folder: string
  env: Readonly<Record<string, string | undefined>>
  flags?: Readonly<Record<string, string>>
}

/** Settings as they hold, and where everything of this installation lies. */
export type Loaded = {
  settings: Settings
  home: string
  /** Paths in the settings are meant from here. */
  folder: string
  env: Readonly<Record<string, string | undefined>>
}

/**
 * Reads the settings: flags before environment before `.env` before `sluice.yaml` before defaults. The secrets among them
 * are hidden in every message from here on.
 * @throws Misuse that names the place (line, variable or flag) of whatever cannot be used, and the nearest right name.
 */
export function loadSettings(connectors: readonly Connector[], { folder, env, flags = {} }: Sources): Loaded {
  const both = { ...readEnvFile(folder), ...definedOf(env) }
  const schema = settingsSchema(connectors)
  const options = optionsOf(schema)
  const yaml = readYaml(join(folder, 'sluice.yaml'))
  const given = [...fromEnv(options, both), ...fromFlags(options, flags)]
  keepSecrets({ given: [...fromYaml(options, yaml.values), ...given], options, env: both })
  const values = structuredClone(yaml.values)
  for (const { path, value } of given) place(values, path, value)
  const result = schema.safeParse(values)
  if (!result.success) throw blame(result.error, { given, options, locate: yaml.locate })
  return { settings: result.data, home: resolve(folder, both.SLUICE_HOME ?? '.sluice'), folder, env: both }
}

type Yaml = { values: Record<string, unknown>; locate(path: readonly PropertyKey[]): string }

function readYaml(file: string): Yaml {
  if (!existsSync(file)) return { values: {}, locate: () => file }
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error)
    throw new Misuse('settings-unreadable', `${file}, line ${lines.linePos(error.pos[0]).line}: ${error.message}`)
  const values = document.toJS() ?? {}
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new Misuse('settings-unreadable', `${file} must hold names and values, such as "workers: 5"`)
  }
  return { values, locate: path => lineOf(file, document, lines, path) }
}

/** The line of the deepest part of a path that the file holds. */
function lineOf(
  file: string,
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): string {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true)
    const pair = pairOf(parent, path[depth - 1]!)
    if (pair !== undefined) return `${file}, line ${lines.linePos(pair).line}`
  }
  return file
}

/** Where a name stands in a mapping, as an offset into the file. */
function pairOf(parent: unknown, name: PropertyKey): number | undefined {
  const items = (parent as { items?: { key?: { value?: unknown; range?: number[] }; range?: number[] }[] })?.items ?? []
  const byPlace = typeof name === 'number' ? items[name]?.range?.[0] : undefined
  return byPlace ?? items.find(item => item.key?.value === name)?.key?.range?.[0]
}

function readEnvFile(folder: string): Record<string, string | undefined> {
  const file = join(folder, '.env')
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}
}

/** An empty variable is one that was not given. */
function definedOf(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
}

function fromEnv(options: readonly Option[], env: Readonly<Record<string, string | undefined>>): Given[] {
  return options.flatMap(({ path, env: name }) => {
    const value = name ? env[name] : undefined
    return value ? [{ path, value, where: `the variable ${name}` }] : []
  })
}

function fromYaml(options: readonly Option[], values: Record<string, unknown>): Given[] {
  return options.flatMap(({ path }) => {
    const value = path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], values)
    return value === undefined ? [] : [{ path, value, where: 'sluice.yaml' }]
  })
}

function fromFlags(options: readonly Option[], flags: Readonly<Record<string, string>>): Given[] {
  return options.flatMap(({ path, flag }) => {
    const value = flags[path.join('.')]
    return value === undefined ? [] : [{ path, value, where: `--${flag ?? path.at(-1)}` }]
  })
}

function place(values: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let inner = values
  for (const name of path.slice(0, -1)) {
    if (typeof inner[name] !== 'object' || inner[name] === null) inner[name] = {}
    inner = inner[name] as Record<string, unknown>
  }
  inner[path.at(-1)!] = value
}
