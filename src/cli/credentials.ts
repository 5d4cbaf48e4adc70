import { text as readAll } from 'node:stream/consumers'
import { checked } from '../app/accounts.ts'
import type { App } from '../app/app.ts'
import { fromEnv } from '../app/sources.ts'
import { type Credentials, type Field, fieldsOf } from '../core/account.ts'
import type { Connector } from '../core/connector.ts'
import { Misuse } from '../core/failure.ts'
import { askHidden, askOpen, canAsk } from './question.ts'

/** Where credentials come from, if not from a person at the terminal. */
export type Origin = { fromEnv?: boolean; stdin?: boolean }

/**
 * What a user enters for an account: from a terminal, the environment or stdin. Of credentials that are stored already
 * (`before`), what is not entered stays.
 * @throws Misuse that names the field and never tells its value
 */
export async function enter(
  app: App,
  connector: Connector,
  origin: Origin,
  before: Credentials = {},
): Promise<Credentials> {
  const fields = fieldsOf(connector.credentials!)
  const given = origin.stdin
    ? read(await readAll(process.stdin), fields)
    : origin.fromEnv
      ? fromEnv(connector, app.env)
      : await askAll(fields, before)
  if (origin.fromEnv && Object.keys(given).length === 0) throw unset(connector, fields)
  return checked(connector, { ...before, ...given })
}

function unset({ name }: Connector, fields: readonly Field[]): Misuse {
  const names = fields.flatMap(({ env }) => (env ? [env] : []))
  const text = names.length > 0 ? `set ${names.join(', ')}` : 'its connector names no variables; use --stdin'
  return new Misuse('bad-credentials', `The environment has no credentials of ${name}: ${text}`)
}

/** A JSON object, a line `name=value` for each field, or the value itself where there is only one field. */
function read(text: string, fields: readonly Field[]): Record<string, string> {
  const trimmed = text.trim()
  const names = fields.map(({ name }) => name)
  if (trimmed.startsWith('{')) return readJson(trimmed)
  const lines = trimmed.split('\n').map(line => line.trim())
  const pairs = lines.filter(line => line !== '').map(line => /^([\w-]+)\s*=\s*(.*)$/.exec(line))
  if (pairs.length > 0 && pairs.every(pair => pair && names.includes(pair[1]!))) {
    return Object.fromEntries(pairs.map(pair => [pair![1]!, pair![2]!]))
  }
  const needed = fields.filter(({ optional }) => !optional)
  if (needed.length === 1 && trimmed !== '' && lines.length === 1) return { [needed[0]!.name]: trimmed }
  throw new Misuse(
    'bad-credentials',
    `stdin holds no credentials: write a JSON object with ${names.join(', ')}, or one line name=value for each`,
  )
}

function readJson(text: string): Record<string, string> {
  try {
    const values: Record<string, unknown> = JSON.parse(text)
    if (Object.values(values).every(value => typeof value === 'string')) return values as Record<string, string>
  } catch {
    // The parser's own message would quote the text.
  }
  throw new Misuse('bad-credentials', 'stdin holds no JSON object whose values are texts: {"name": "value"}')
}

async function askAll(fields: readonly Field[], before: Credentials): Promise<Record<string, string>> {
  if (!canAsk()) {
    throw new Misuse('no-terminal', 'Nobody is there to be asked for credentials; give them with --stdin or --from-env')
  }
  const given: Record<string, string> = {}
  for (const { name, about, open, optional } of fields) {
    const stays =
      before[name] === undefined ? (optional ? ' (Enter leaves it out)' : '') : ' (Enter keeps the stored one)'
    const question = `${name}${about ? `, ${about}` : ''}${stays}: `
    const answer = await (open ? askOpen(question) : askHidden(question))
    if (answer !== '') given[name] = answer
  }
  return given
}
