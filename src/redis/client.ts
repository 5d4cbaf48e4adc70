import { createClient, ErrorReply } from '@redis/client'
import { LimitsAway, Misuse } from '../core/failure.ts'

/**
 * The only file that knows the Redis library. Commands fail at once while the server is away, with LimitsAway: whoever asks
 * decides what to do without it. The connection comes back by itself.
 */
export type Redis = {
  /** Where it is, without the password. */
  where: string
  /** Runs a script on the server, in one step. */
  run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>
  command(...words: string[]): Promise<unknown>
  close(): Promise<void>
}

/** A command that takes longer than this (ms) is given up: the server is there and does not answer. */
const patience = 3_000

/** How soon a lost connection is tried again (ms). */
const again = 250

/** What a server says that does not let us in. */
const refuses = /^(WRONGPASS|NOAUTH|NOPERM)/

/** Of that, what may change again by itself while we run. */
const changes = /^(WRONGPASS|NOAUTH)/

/** What a server says that cannot answer now. */
const passes = /^(LOADING|MASTERDOWN|READONLY|OOM|CLUSTERDOWN|MISCONF)/

/**
 * Connects to a Redis, 5 or newer (its scripts read the server's clock). `url`: redis://user:password@host:6379/0. One that
 * is away is gone on being tried, and commands fail until then.
 * @throws Misuse when it refuses us, or the address is none
 */
export async function openRedis(url: string): Promise<Redis> {
  const where = whereOf(url)
  const socket = {
    connectTimeout: patience,
    reconnectStrategy: (_tries: number, cause: Error) => (!line.known && refuses.test(cause.message) ? cause : again),
  }
  const client = createClient({ url, disableOfflineQueue: true, socket, name: 'sluice' })
  const line: Line = { where, trouble: undefined, known: false }
  client.on('ready', () => {
    line.known = true
  })
  client.on('error', (error: Error) => {
    line.trouble = error.message || line.trouble
  })
  await within(client.connect(), line).catch(error => {
    if (error instanceof LimitsAway) return
    client.destroy()
    throw error
  })
  const command = (...words: string[]) => within(client.sendCommand(words), line)
  const digests = new Map<string, Promise<string>>()
  const digestOf = (script: string) => {
    const known = digests.get(script) ?? command('SCRIPT', 'LOAD', script).then(String)
    digests.set(script, known)
    known.catch(() => digests.delete(script))
    return known
  }
  const run = async (script: string, keys: readonly string[], args: readonly string[]): Promise<unknown> => {
    try {
      return await command('EVALSHA', await digestOf(script), String(keys.length), ...keys, ...args)
    } catch (error) {
      if (!(error instanceof ErrorReply) || !error.message.startsWith('NOSCRIPT')) throw error
      return command('EVAL', script, String(keys.length), ...keys, ...args)
    }
  }
  return { where, run, command, close: async () => client.destroy() }
}

/**
 * Where the server is, and what was last wrong with the way to it: a command only says that there is none. `known`: it has let
 * us in before. One that refuses us later, while its password is changed, is away, and is gone on being tried.
 */
type Line = { where: string; trouble: string | undefined; known: boolean }

async function within<T>(answer: Promise<T>, line: Line): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${patience / 1000} s`)), patience)
  answer.catch(() => undefined)
  try {
    return await Promise.race([answer, late.promise])
  } catch (error) {
    throw failureOf(error, line)
  } finally {
    clearTimeout(timer)
  }
}

/** What the server says of a password or a command passes as its own; everything else means that it is away. */
function failureOf(error: unknown, { where, trouble, known }: Line): unknown {
  const said = error instanceof Error ? error.message || error.name : String(error)
  const message = /^The client is (offline|closed)$/.test(said) && trouble ? trouble : said
  if (refuses.test(message) && !(known && changes.test(message))) {
    return new Misuse('redis-refused', `The Redis at ${where} refuses us: ${message}. Correct REDIS_URL.`, {
      cause: error,
    })
  }
  if (error instanceof ErrorReply && !changes.test(message) && !passes.test(message)) return error
  const text = `The Redis at ${where}, which keeps the limits, does not answer: ${message}. Nothing is asked until it does`
  return new LimitsAway('limits-away', text, { cause: error })
}

function whereOf(url: string): string {
  if (!URL.canParse(url)) throw new Misuse('bad-setting', 'REDIS_URL must read redis://user:password@host:6379/0')
  const { host, pathname } = new URL(url)
  return `${host}${pathname === '/' ? '' : pathname}`
}
