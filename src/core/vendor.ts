import { z } from 'zod'
import type { Connector } from './connector.ts'
import type { Rules } from './limit.ts'
import { count } from './option.ts'
import type { Former, Neighbour, Unmapped } from './origin.ts'
import type { Part } from './part.ts'
import { exponential } from './retry.ts'
import type { Schedules } from './schedule.ts'
import type { Pull, PullStream, Shape, Steps } from './stream.ts'

/** What a connector consists of beside its name and its limits; what may be left out stands in `connector`. */
type Whole = Partial<Omit<Connector, 'name' | 'limits' | 'streams'>> & {
  /** Where the vendor answers: the default of the setting `base_url`. `{name}` in it stands for the setting of that name. */
  url: string
  /** Its other hosts by name, each with a setting `NAME_url`: what questions with that `host` are asked of. */
  hosts?: Readonly<Record<string, string>>
  /** Settings of the whole connector beside its addresses. */
  settings?: z.core.$ZodShape
  streams: readonly unknown[]
  migrations: string
}

/**
 * Begins a connector: its name and limits. `pull` then takes a stream in two calls, the shape first and the steps
 * second, so that every type of the steps is inferred from the shape: a wrong limit, key, newer column, record, cursor
 * or part field does not compile. `connector` puts the whole together.
 */
export function vendor<const R extends Rules>(name: string, limits: R) {
  return {
    name,
    limits,
    pull:
      <P extends Part, Cursor, Vendor, Options extends z.ZodObject>(
        shape: Shape<keyof R & string, P, Cursor, Vendor, Options>,
      ) =>
      <Row extends Record<string, unknown>>(
        steps: Steps<P, Cursor, Vendor, Row, z.output<Options>>,
      ): Pull<keyof R & string, P, Cursor, Vendor, Row, Options> =>
        ({ kind: 'pull', ...usual, ...shape, mode: 'chain', ...steps }) as unknown as Pull<
          keyof R & string,
          P,
          Cursor,
          Vendor,
          Row,
          Options
        >,
    /**
     * A stream that makes rows of a table out of rows of another: each by itself, again whenever it changes, in batches of one
     * transaction each. A row that cannot be made goes to quarantine alone.
     */
    normalize:
      <Vendor, Options extends z.ZodObject>(shape: NormalShape<Vendor, Options>) =>
      <Row extends Record<string, unknown>>(steps: NormalSteps<Vendor, Row, z.output<Options>>): PullStream => {
        const { options = z.strictObject({}), flag = 'is_processed', from, beside, ...rest } = shape
        const sized = { ...options.shape, batch_size: batchSize }
        return {
          ...{ kind: 'pull', mode: 'derived', ...usual, ...unasked, ...rest, ...steps },
          ...{ options: z.strictObject(sized), from: { table: from, flag, beside } },
          size: ({ batch_size }: Record<string, unknown>) => batch_size as number,
        } as unknown as PullStream
      },
    /** The connector of these streams. One without credentials has the account `public`. */
    connector: ({ url, hosts = {}, settings = {}, streams, ...rest }: Whole): Connector => ({
      name,
      limits,
      title: name,
      ...(rest.credentials ? {} : { account: 'public' }),
      options: z.strictObject({
        base_url: baseUrl(name, url, Object.keys(settings)),
        ...hostOptions(name, hosts),
        ...settings,
      }),
      fault: () => undefined,
      streams: streams as readonly PullStream[],
      ...rest,
    }),
  }
}

/**
 * What a normalizer says of itself beside its steps: the table it reads, whose `flag` (`is_processed` without it) tells which
 * rows are to be dealt with, and the table it writes. `record` checks a row: its columns by their names, as JSON has them.
 */
type NormalShape<Vendor, Options extends z.ZodObject> = {
  name: string
  from: string
  flag?: string
  /** What else is read with each row, from another table. */
  beside?: Neighbour
  table: string
  /** Where values are told that it has no word for. */
  unmapped?: Unmapped
  record: z.ZodType<Vendor>
  options?: Options
}

/** The steps of a normalizer: pure functions. */
type NormalSteps<Vendor, Row, Options> = {
  key: readonly ((keyof Row & string) | 'account')[]
  newer?: readonly (keyof Row & string)[]
  schedule: Schedules<Options>
  tolerance?(options: Options): number
  /** Undefined where it cannot be told yet: the row is looked at again by the next run. */
  rows(record: Vendor, at: { account: string; options: Options }): readonly Row[] | undefined
  /** How rows are taken back that are made no more; without it they stay. */
  former?: Former<Vendor, Options, NoInfer<Row>>
}

const batchSize = count(1, 10_000)
  .default(200)
  .meta({ flag: 'batch-size', about: 'rows dealt with in one transaction' })

/** A normalizer asks nobody: what only questions need is there and is never used. */
const unasked = {
  limit: {},
  cursor: z.null(),
  start: () => null,
  request: never,
  parse: never,
  row: never,
}

function never(): never {
  throw new Error('a normalizer asks no vendor')
}

/** The setting that says where a vendor answers; names in braces stand for those settings of its connector. */
export function baseUrl(name: string, url: string, settings: readonly string[] = []) {
  return address(url, settings).meta({ env: `${name.toUpperCase()}_BASE_URL`, about: 'where the API answers' })
}

function hostOptions(name: string, hosts: Readonly<Record<string, string>>) {
  const options = Object.entries(hosts).map(([host, url]) => {
    const env = `${name}_${host}_URL`.toUpperCase()
    return [`${host}_url`, address(url).meta({ env, about: `where the API of ${host} answers` })]
  })
  return Object.fromEntries(options)
}

/** A name in braces that stands for nothing would be asked for as it is, and no such host ever answers. */
function address(url: string, settings: readonly string[] = []) {
  const strange = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].find(([, name]) => !settings.includes(name!))?.[0]
  const known = settings.map(name => `{${name}}`).join(', ')
  return z
    .url({ protocol: /^https?$/, error: `must be an address such as ${url}` })
    .refine(text => strange(text) === undefined, {
      error: ({ input }) =>
        `holds ${strange(input as string)}, and ${known ? `only ${known} stand` : 'no name in braces stands'} for settings`,
    })
    .refine(text => !/\/\/[^/]*@/.test(text), 'must not hold a user or password')
    .default(url)
}

/** What a stream is that says nothing else of itself. */
const usual = {
  part: z.strictObject({}),
  options: z.strictObject({}),
  newer: [],
  parts: () => [{}],
  retry: () => exponential({ retries: 3, base: '1s' }),
}
