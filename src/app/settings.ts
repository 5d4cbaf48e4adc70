import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import type { Connector } from '../core/connector.ts'
import { Misuse } from '../core/failure.ts'
import { blame } from './blame.ts'
import { readText } from './file.ts'
import { any, type Given, namingSchema, type Option, optionsOf, type Settings, settingsSchema } from './schema.ts'
import { keepSecrets } from './secrets.ts'

/**
 * Where settings come from. `flags` are the command line's: a setting's path, joined by dots, and its text. `texts` are
 * taken for what stands in files of the folder that are still to be written.
 */
export type Sources = {
  folder: string
  env: Env
  flags?: Readonly<Record<string, string>>
  texts?: Texts
}

type Env = Readonly<Record<string, string | undefined>>

/** The files that hold settings, by their names in the folder, and what stands in them. */
type Texts = { 'sluice.yaml'?: string; '.env'?: string }

/** Settings as they hold, for these connectors, and where everything of this installation lies. */
export type Loaded = {
  settings: Settings
  /** The same without what the command line has said; with it, where they could not be used otherwise. */
  plain: Settings
  connectors: readonly Connector[]
  secretKeys: SecretKeys
  home: string
  /** Paths in the settings are meant from here. */
  folder: string
  env: Env
  /** What the command line has said: a setting's path, joined by dots, and its text. */
  flags: Readonly<Record<string, string>>
  /** Where a path stands in sluice.yaml: file and line. */
  locate(path: readonly PropertyKey[]): string
}

/** What credentials are encrypted with, and what they were encrypted with before: as they were given. Blanks are no key. */
type SecretKeys = { current?: string; previous?: string }

/**
 * Reads the settings: flags before environment before `.env` before `sluice.yaml` before defaults. The secrets among them
 * are hidden in every message from here on.
 * @throws Misuse that names the place (line, variable or flag) of whatever cannot be used, and the nearest right name.
 */
export function loadSettings(connectors: readonly Connector[], sources: Sources): Loaded {
  const env = variables(sources)
  const { data, plain, locate } = read(settingsSchema(connectors), env, sources)
  const home = resolve(sources.folder, env.SLUICE_HOME || '.sluice')
  const { folder, flags = {} } = sources
  return { settings: data, plain, connectors, secretKeys: secretKeysOf(env), home, folder, env, flags, locate }
}

/** A connector of the user's own: its path from the folder of the settings, and where it is named. */
export type Named = { path: string; where: string }

/** The connectors of the user's own. Of the settings nothing else is looked at: which others there are depends on these. */
export function namedConnectors(sources: Sources): Named[] {
  const { data, given, locate } = read(namingSchema, variables(sources), { ...sources, flags: {} })
  const where = (at: number) => given[0]?.where ?? locate(['connectors', at])
  return data.connectors.map((path, at) => ({ path, where: where(at) }))
}

function read<S extends z.ZodType>(schema: S, env: Env, { folder, flags = {}, texts = {} }: Sources) {
  const options = optionsOf(schema)
  const yaml = readYaml(join(folder, 'sluice.yaml'), texts['sluice.yaml'])
  const given = [...fromEnv(options, env), ...fromFlags(options, flags)]
  keepSecrets({ given: [...fromYaml(options, yaml.values), ...given], options, env })
  const result = schema.safeParse(placed(yaml.values, given))
  if (!result.success) throw blame(result.error, { given, options, locate: yaml.locate })
  const plain = schema.safeParse(placed(yaml.values, fromEnv(options, env)))
  return { data: result.data, plain: plain.data ?? result.data, given, locate: yaml.locate }
}

function placed(base: Record<string, unknown>, given: readonly Given[]): Record<string, unknown> {
  const values = structuredClone(base)
  for (const { path, value } of given) place(values, path, value)
  return values
}

/** The environment, and below it what `.env` says. */
function variables({ folder, env, texts = {} }: Sources): Env {
  const text = texts['.env'] ?? readText(join(folder, '.env'))
  return { ...(text === undefined ? {} : parseEnv(text)), ...definedOf(env) }
}

function secretKeysOf(env: Env): SecretKeys {
  const [own, other, previous] = ['SLUICE_SECRET_KEY', 'SECRET_KEY', 'SLUICE_SECRET_KEY_PREVIOUS'].map(name =>
    env[name]?.trim() ? env[name] : undefined,
  )
  const current = own ?? other
  return { ...(current ? { current } : {}), ...(previous ? { previous } : {}) }
}

type Yaml = { values: Record<string, unknown>; locate(path: readonly PropertyKey[]): string }

function readYaml(file: string, text = readText(file)): Yaml {
  if (text === undefined) return { values: {}, locate: () => file }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error)
    throw new Misuse('settings-unreadable', `${file}, line ${lines.linePos(error.pos[0]).line}: ${error.message}`)
  const values = valuesOf(file, document) ?? {}
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw new Misuse('settings-unreadable', `${file} must hold names and values, such as "workers: 5"`)
  }
  const locate = (path: readonly PropertyKey[]) => lineOf(file, document, lines, path)
  refuseSecrets(Object.keys(values), locate)
  return { values: withoutNulls(values), locate }
}

/** The parser's own message about an alias (`*name`) without an anchor repeats it, and it may be a password. */
function valuesOf(file: string, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS()
  } catch {
    const advice = 'a text that begins with * must stand in quotes'
    throw new Misuse('settings-unreadable', `${file} repeats with * what no & has named before; ${advice}`)
  }
}

const secret = /^(sluice_)?secret_key(_previous)?$/i

/** What opens every stored credential has no place in a file that is meant to be shown and shared. */
function refuseSecrets(names: readonly string[], locate: Yaml['locate']): void {
  const name = names.find(each => secret.test(each))
  if (name === undefined) return
  const text = `${locate([name])}: a secret key must not stand in sluice.yaml, which others may come to read.`
  throw new Misuse('secret-misplaced', `${text} Take it out, and set SLUICE_SECRET_KEY in .env or the environment`)
}

/** A name with nothing after it is a setting that was not given, and a section with nothing in it an empty one. */
function withoutNulls(values: object): Record<string, unknown> {
  const kept = Object.entries(values).filter(([, value]) => value !== null)
  return Object.fromEntries(kept.map(([name, value]) => [name, isSection(value) ? withoutNulls(value) : value]))
}

function isSection(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
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

/** An empty variable is one that was not given. */
function definedOf(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
}

function fromEnv(options: readonly Option[], env: Env): Given[] {
  return options.flatMap(({ path, env: name }) => {
    const value = name && !path.includes(any) ? env[name] : undefined
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
