import { Failure, Misuse, StoreAway } from '../core/failure.ts'

/** SQLSTATE classes and codes that mean: the server is not there for us now (PostgreSQL manual, appendix A). */
const away = /^(08...|57P0[123]|53...)$/

/** The code that means: no space left on the server's disk. */
const full = '53100'

/** Codes that mean: somebody else held what we needed for too long. The same again later will do. */
const busy = /^(57014|55P03|40...)$/
const awayOnTheWire = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENOENT',
])
const lostConnection =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/

/** Turns an error of the driver into what happens next; an error of our own SQL passes unchanged. */
export function storeFailure(error: unknown, where: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const refusal = refusals[code]
  if (refusal) return new Misuse('store-refused', `${refusal} (${where}): ${error.message}`, { cause: error })
  if (busy.test(code)) return busyFailure(error, where)
  if (code === full) return fullFailure(error, where)
  if (!away.test(code) && !awayOnTheWire.has(code) && !lostConnection.test(error.message)) return error
  const advice = 'Start it, or correct DATABASE_URL (or DB_HOST and its companions)'
  return new StoreAway('store-away', `The database at ${where} does not answer: ${reasonOf(error)}. ${advice}.`, {
    cause: error,
  })
}

/** Codes that mean: this value, and no other, is not taken (classes 22, data, and 23, constraints); what it says of it. */
export function dataErrorOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return /^2[23]/.test(String(error.code)) ? error.message : undefined
}

function fullFailure(error: Error, where: string): StoreAway {
  const text = `The disk of the database at ${where} is full: ${error.message}. Make room on it.`
  return new StoreAway('store-full', text, { cause: error })
}

function busyFailure(error: Error, where: string): StoreAway {
  const text = `The database at ${where} was too busy with something else: ${error.message}. It is tried again.`
  return new StoreAway('store-busy', text, { cause: error })
}

const refusals: Readonly<Record<string, string>> = {
  '28P01': 'The database refuses the password; correct DATABASE_URL or DB_PASSWORD',
  '28000': 'The database refuses this user; correct DATABASE_URL or DB_USER',
  '3D000': 'There is no such database; create it, or correct DATABASE_URL or DB_NAME',
  '42501': 'This database user may not do that; grant it the right to create schemas, or use another user',
}

/** A refused connection to several addresses of one name arrives as an AggregateError without a text of its own. */
function reasonOf(error: Error): string {
  if (error.message) return error.message
  const inner = error instanceof AggregateError ? error.errors : []
  return inner.map(each => (each instanceof Error ? each.message : String(each))).join(', ') || error.name
}
