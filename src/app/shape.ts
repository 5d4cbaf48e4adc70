import { z } from 'zod'
import type { Connector } from '../core/connector.ts'
import { termsOf } from '../core/limit.ts'
import type { OptionMeta } from '../core/option.ts'
import { ownNames } from './schema.ts'

/** Names of schemas that are Sluice's, the queue's or the server's own. */
const reserved = ['sluice', 'pgboss', 'public', 'inventory', 'stock', 'information_schema', ...ownNames]

const text = z.string('must be a text').min(1, 'must not be empty')
const step = z.custom((value: unknown) => typeof value === 'function', 'must be a function')
const schema = z.custom((value: unknown) => value instanceof z.ZodType, 'must be a schema made with z')
const options = z.custom<z.ZodObject>((value: unknown) => value instanceof z.ZodObject, 'must be z.strictObject({ … })')
const costs = z.record(z.string(), z.number('must be a number'), 'must say what a question costs of each limit')

/** What only a stream whose records have a time needs. */
const ranged = { time: 'string', settle: 'string', origin: 'function', horizon: 'function', step: 'function' }

const stream = z
  .looseObject({
    name: z.string('must be a text').regex(/^[a-z][a-z0-9_]*$/, 'must be lower-case letters, digits and _'),
    table: text,
    limit: costs,
    ...{ part: schema, cursor: schema, record: schema, options },
    key: z.array(text, 'must be a list of columns').min(1, 'must name a column'),
    schedule: z.union([z.array(z.object({})).min(1), step], 'must be a list of schedules or a function'),
    ...{ retry: step, parts: step, start: step, request: step, parse: step, row: step },
  })
  .superRefine((value, context) => {
    if (value.mode !== 'range') return
    for (const [name, kind] of Object.entries(ranged)) {
      const message = `must be a ${kind === 'string' ? 'text' : kind}`
      if (typeof value[name] !== kind) context.addIssue({ code: 'custom', path: [name], message })
    }
  })

const rule = z
  .looseObject({
    kind: z.enum(['fixed', 'sliding', 'bucket'], 'must be fixed, sliding or bucket'),
    max: z.number('must be a number').positive(),
    every: text,
    owner: z.union([z.literal('egress'), step], "must be 'egress' or a function"),
  })
  .superRefine((value, context) => {
    const { tiers = {}, ...usual } = value as Connector['limits'][string]
    try {
      for (const pace of [{}, ...Object.values(tiers)]) termsOf({ ...usual, ...pace })
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  })

const connector = z
  .looseObject({
    name: z
      .string('must be a text')
      .regex(/^[a-z][a-z0-9_]{1,30}$/, 'must be 2 to 31 lower-case letters, digits and _: it names a schema, too')
      .refine(name => !reserved.includes(name) && !name.startsWith('pg_'), {
        error: ({ input }) => `must not be "${input}": that name is not free`,
      }),
    title: text,
    limits: z.record(z.string(), rule, 'must be limits by name'),
    options,
    fault: step,
    streams: z.array(stream, 'must be a list of streams').min(1, 'must hold a stream'),
    migrations: text,
    probe: z.object({ ask: z.object({ path: text }), limit: costs }).optional(),
  })
  .superRefine((value, context) => {
    for (const [path, message] of contradictions(value as unknown as Connector)) {
      context.addIssue({ code: 'custom', path, message })
    }
  })

type Contradiction = [path: PropertyKey[], message: string]

/** What is right by itself and does not fit together. */
function* contradictions(it: Connector): Generator<Contradiction> {
  const fields = Object.keys(it.options.shape)
  if (it.account === undefined && !('credentials' in it)) yield [['account'], 'is missing']
  if (!fields.includes('base_url')) yield [['options'], 'must hold base_url']
  const [strayed] = metasOf(it.options).filter(({ flag }) => flag !== undefined)
  if (strayed) yield [['options'], `must not declare the flag "${strayed.flag}": only settings of streams have flags`]
  yield* unknownLimits(it, ['probe', 'limit'], it.probe?.limit)
  for (const [at, { name, table, limit, mode, begins, options: settings }] of it.streams.entries()) {
    const path = ['streams', at]
    if (name === 'accounts' || name === 'limits')
      yield [[...path, 'name'], `must not be "${name}": that section holds settings of ${name}`]
    const isDouble = it.streams.findIndex(each => each.name === name) < at || fields.includes(name)
    if (isDouble) yield [[...path, 'name'], `must not be "${name}", which is there already`]
    if (!table.startsWith(`${it.name}.`) && mode !== 'derived')
      yield [[...path, 'table'], `must be ${it.name}.…, in the connector's own schema`]
    const flag = flagsOf(settings).find(each => !/^[a-z][a-z0-9-]*$/.test(each) || isTaken(each))
    if (flag !== undefined) yield [[...path, 'options'], `must not declare the flag "${flag}"`]
    const open = metasOf(settings).find(({ flag: name, secret }) => name !== undefined && secret)
    if (open)
      yield [[...path, 'options'], `must not declare the flag "${open.flag}" for a secret: what flags say is stored`]
    yield* unknownLimits(it, [...path, 'limit'], limit)
    if (begins !== undefined && !it.streams.some(each => each.name === begins && begins !== name))
      yield [[...path, 'begins'], `must name another stream, and there is no "${begins}"`]
  }
}

function flagsOf(options: z.ZodObject): string[] {
  return metasOf(options).flatMap(({ flag }) => flag ?? [])
}

function metasOf({ shape }: z.ZodObject): OptionMeta[] {
  return Object.values(shape).map(field => ((field as z.ZodType).meta() ?? {}) as OptionMeta)
}

/** Flags that the commands which take those of streams have themselves. */
const taken = [
  ...['from', 'to', 'json', 'help', 'version', 'account', 'resync', 'accept-fewer', 'all', 'unmapped', 'limit'],
]

function isTaken(flag: string): boolean {
  return taken.includes(flag) || flag.startsWith('no-')
}

function* unknownLimits({ limits }: Connector, path: PropertyKey[], used: object = {}): Generator<Contradiction> {
  const known = Object.keys(limits)
  for (const name of Object.keys(used)) {
    if (!known.includes(name))
      yield [[...path, name], `is no limit of the connector, which has ${known.join(', ') || 'none'}`]
  }
}

/** What is wrong with something that shall be a connector, with the field it is wrong in; undefined when nothing is. */
export function misshape(value: unknown): string | undefined {
  const result = connector.safeParse(value)
  if (result.success) return undefined
  const { path, message } = result.error.issues[0]!
  const field = path.reduce<string>(
    (text, name) => text + (typeof name === 'number' ? `[${name}]` : `.${String(name)}`),
    '',
  )
  const isMissing = path.reduce<unknown>(inside, value) === undefined
  return `${field.slice(1) || 'connector'} ${isMissing ? 'is missing' : message}`
}

function inside(value: unknown, name: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[name] : undefined
}
