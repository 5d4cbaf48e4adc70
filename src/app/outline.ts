import { stringify } from 'yaml'
import type { Connector } from '../core/connector.ts'
import { any, type Option, optionsOf, settingsSchema } from './schema.ts'

const heading = `## Settings of Sluice in this folder. Each stands here with its default: take the "# " before its name away to change it.
## In brackets is the variable that may be set instead; passwords and keys belong into .env or the environment.
`

/**
 * A `sluice.yaml` that changes nothing and shows all there is: every setting of Sluice and of these connectors as a comment,
 * with its default and what it is for. Lines with ## explain; lines with # become settings when that is taken away. What
 * one account may have of its own is the same once more, and left out.
 */
export function outline(connectors: readonly Connector[]): string {
  const schema = settingsSchema(connectors)
  const defaults: unknown = schema.parse({})
  const lines: string[] = []
  let open: string[] = []
  for (const option of optionsOf(schema).filter(({ path }) => !path.includes(any))) {
    const section = option.path.slice(0, -1)
    const shared = section.findIndex((name, depth) => name !== open[depth])
    const fresh = shared < 0 ? [] : section.slice(shared)
    if (fresh.length > 0 || section.length < open.length || section.length === 0) lines.push('')
    for (const [at, name] of fresh.entries()) lines.push(`${indent(shared + at)}${name}:`)
    lines.push(...entry(option, valueAt(defaults, option.path)))
    open = section
  }
  return `${heading}${lines.join('\n')}\n`
}

function entry({ path, env, about = '' }: Option, value: unknown): string[] {
  const space = indent(path.length - 1)
  const note = [about, env && `(${env})`].filter(Boolean).join(' ')
  return [...(note ? [`${space}## ${note}`] : []), `${space}# ${path.at(-1)}:${valueText(value)}`]
}

function indent(depth: number): string {
  return '  '.repeat(depth)
}

/** As a person would write it, on one line; nothing where there is no default. */
function valueText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return ` ${stringify(plain(value), { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim()}`
}

/** A day is written without its midnight. */
function plain(value: unknown): unknown {
  return value instanceof Date ? value.toISOString().replace('T00:00:00.000Z', '') : value
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], values)
}
