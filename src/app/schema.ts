import { z } from 'zod'
import type { Connector } from '../core/connector.ts'
import { limitOptions } from '../core/limit.ts'
import { count, list, type OptionMeta } from '../core/option.ts'

const text = () => z.string().min(1)
const aboutPassword = 'better in .env than in sluice.yaml'
const levels = ['debug', 'info', 'warn', 'error'] as const

/** Settings of Sluice itself. Connectors add a section each, with a section for each of their streams. */
const own = {
  connectors: list(text(), 0).default([]).meta({
    env: 'SLUICE_CONNECTORS',
    about: 'connectors of your own: files, or folders with an index.ts, as seen from this one; such as ./acme/index.ts',
  }),
  database: z
    .strictObject({
      url: text().optional().meta({
        env: 'DATABASE_URL',
        secret: true,
        about: 'postgres://user:password@host:5432/name; without it and host, the embedded store',
      }),
      host: text().optional().meta({ env: 'DB_HOST', about: 'server, instead of url' }),
      port: count(1, 65_535).default(5432).meta({ env: 'DB_PORT', about: 'its port' }),
      name: text().default('sluice').meta({ env: 'DB_NAME', about: 'the database' }),
      user: text().default('sluice').meta({ env: 'DB_USER', about: 'who we are there' }),
      password: z.string().default('').meta({ env: 'DB_PASSWORD', about: aboutPassword, secret: true }),
      pool: count(2, 200).default(10).meta({ env: 'DB_POOL', about: 'connections at most, per process' }),
    })
    .prefault({}),
  redis: z
    .strictObject({
      url: text().optional().meta({
        env: 'REDIS_URL',
        secret: true,
        about:
          'redis://user:password@host:6379/0: the limits are kept there, for high rates; without it and host, in PostgreSQL',
      }),
      host: text().optional().meta({ env: 'REDIS_HOST', about: 'server, instead of url' }),
      port: count(1, 65_535).default(6379).meta({ env: 'REDIS_PORT', about: 'its port' }),
      password: z.string().default('').meta({ env: 'REDIS_PASSWORD', about: aboutPassword, secret: true }),
    })
    .prefault({}),
  workers: count(1, 100)
    .default(3)
    .meta({ env: 'SLUICE_WORKERS', about: 'runs worked on at the same time by one process' }),
  workers_per_account: count(1, 100).optional().meta({
    env: 'SLUICE_WORKERS_PER_ACCOUNT',
    about:
      'runs of one account worked on at the same time, by all processes together; without it, as many as there are',
  }),
  egress: text().default('default').meta({
    env: 'SLUICE_EGRESS',
    about: 'name of the address our requests leave from; limits by address are shared under it',
  }),
  grace: count(1, 3600)
    .default(20)
    .meta({ env: 'SLUICE_GRACE', about: 'seconds a stopping process gives to the pages in hand' }),
  keep_runs: count(1, 36_500).default(90).meta({
    env: 'SLUICE_KEEP_RUNS',
    about: 'days that finished runs and ended alerts are kept; the newest run of a part stays',
  }),
  keep_quarantine: count(1, 36_500).default(90).meta({
    env: 'SLUICE_KEEP_QUARANTINE',
    about: 'days that records are kept after they were replayed or dismissed; until then they stay',
  }),
  log: z
    .strictObject({
      level: z
        .preprocess(lower, z.enum(levels))
        .default('info')
        .meta({ env: 'LOG_LEVEL', about: 'debug, info, warn or error' }),
      format: z
        .preprocess(lower, z.enum(['text', 'plain', 'json']))
        .optional()
        .meta({ env: 'LOG_FORMAT', about: 'text (time, level, name, message), plain ([LEVEL] message) or json' }),
      file: text().optional().meta({ env: 'LOG_FILE', about: 'where the log is kept, such as logs/app.log' }),
      rotate_mb: count(1, 10_000)
        .default(10)
        .meta({ env: 'LOG_ROTATE_MB', about: 'megabytes (10^6 bytes) after which the file gives way to a new one' }),
      keep_days: count(1, 36_500)
        .default(7)
        .meta({ env: 'LOG_KEEP_DAYS', about: 'days that files which gave way are kept' }),
    })
    .prefault({}),
}

/** The one setting that decides which others there are. */
export const namingSchema = z.object({ connectors: own.connectors })

/** The names of Sluice's own settings and sections, which no connector's section can have. */
export const ownNames: readonly string[] = Object.keys(own)

/** All settings there are, with these connectors. */
export function settingsSchema(connectors: readonly Connector[]) {
  const sections = connectors.map(connector => [connector.name, sectionOf(connector)])
  return z.strictObject({ ...own, ...(Object.fromEntries(sections) as Record<never, never>) })
}

export type Settings = z.output<ReturnType<typeof settingsSchema>>

/** The original services write levels in capitals, and one of them in full: `INFO`, `WARNING`. */
function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase().replace(/^warning$/, 'warn') : value
}

function sectionOf({ options, streams, credentials, limits }: Connector) {
  const parts = streams.map(stream => [stream.name, stream.options.prefault({})])
  const accounts = credentials ? { accounts: accountsOf(options, streams) } : {}
  const own = { ...options.shape, limits: limitOptions(limits).prefault({}) }
  return z.strictObject({ ...own, ...Object.fromEntries(parts), ...accounts }).prefault({})
}

/** What an account may have of its own: settings of the connector and its streams. What it does not name is as for all. */
function accountsOf({ shape }: z.ZodObject, streams: Connector['streams']) {
  const own = streams.map(({ name, options }) => [name, z.strictObject(withoutDefaults(options.shape)).optional()])
  const account = z.strictObject({ ...withoutDefaults(shape), ...Object.fromEntries(own) })
  return z.record(z.string(), account).optional()
}

/** The same settings with nothing in place of those that are not given. Names of variables and flags are for all accounts. */
function withoutDefaults(shape: z.core.$ZodShape): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, bare(field as z.ZodType).optional()]))
}

function bare(schema: z.ZodType): z.ZodType {
  const hasDefault = schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
  return hasDefault || schema instanceof z.ZodOptional ? bare(schema.unwrap() as z.ZodType) : schema
}

/** Stands in a path for a name that the user chooses. */
export const any = '*'

/** A setting as the user may give it. */
export type Option = { path: string[]; schema: z.ZodType } & OptionMeta

/** A value and where it was given, for messages. */
export type Given = { path: string[]; value: unknown; where: string }

/** Every setting with its path, its names and what it is for. */
export function optionsOf(schema: z.ZodType, path: string[] = []): Option[] {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodRecord) return optionsOf(inner.valueType as z.ZodType, [...path, any])
  if (!(inner instanceof z.ZodObject)) return [{ path, schema, ...(schema.meta() as OptionMeta | undefined) }]
  return Object.entries(inner.shape).flatMap(([name, field]) => optionsOf(field as z.ZodType, [...path, name]))
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const inner =
    schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema
  return inner instanceof z.ZodObject || inner instanceof z.ZodRecord ? inner : schema
}
