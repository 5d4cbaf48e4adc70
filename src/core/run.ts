import { type Part, partText } from './part.ts'
import type { Priority } from './priority.ts'

/** One part of one stream of one account: what has a checkpoint, a coverage and a lock. */
export type Slice = { connector: string; account: string; stream: string; part: Part }

/** A slice as people read it: `acme/main orders berlin`. */
export function sliceText({ connector, account, stream, part }: Slice): string {
  return `${connector}/${account} ${stream} ${partText(part)}`.trimEnd()
}

/**
 * The life of a run.
 *
 *   planned    a job for it is in the queue; ends when a worker claims it
 *   waiting    given back with a reason and a time; ends when that time has come (planned again)
 *   running    a worker holds it; ends in waiting or in one of the last three, or is claimed anew when the worker dies
 *   success    everything it planned is covered, no record was left out
 *   partial    everything it planned was asked for, but records are in quarantine or a stretch is not covered
 *   failed     it gave up; the error says why. The next schedule still runs
 */
type RunState = 'planned' | 'waiting' | 'running' | 'success' | 'partial' | 'failed'

/** Why a run exists: somebody asked, it was due, or a suspected hole is looked at again. */
export type Cause = 'sync' | 'schedule' | 'heal'

/** What was wrong with records of a run: the first field of each that does not fit, why, and how many of them. */
export type Finding = { field: string | null; reason: string; times: number }

/**
 * What a command says of a stream by flags: their names and the texts they were given, `{ 'max-pages': '5' }`. It is stored with
 * the runs that the command asks for and shown with them, so it holds nothing secret.
 */
export type Said = Readonly<Record<string, string>>

/** The standing checkpoint's span: the one that follows the present. Others are named by their range. */
export const standing = 'now'

/** A run as it stands in the database. Counters are of this run alone. */
export type Run = Slice & {
  id: string
  span: string
  cause: Cause
  priority: Priority
  state: RunState
  reason: string | null
  /** The bucket it waits for. */
  bucket: string | null
  dueAt: Date | null
  from: Date
  /** null: up to the present. */
  to: Date | null
  position: Date
  pages: number
  records: number
  inserted: number
  changed: number
  quarantined: number
  deaths: number
  retries: number
  errorCode: string | null
  error: string | null
  warning: string | null
  /** What the vendor's answers gave reason to tell, such as how far back it goes. */
  notice: string | null
  findings: readonly Finding[]
  /** What the flags of the command that asked for it say; null: everything as configured. */
  flags: Said | null
  /** Of a list: how many records the vendor says there are; of a normalizer: how many rows there were to deal with. */
  total: number | null
  worker: string | null
  /** What the queue handed to the worker; a run that is planned anew is handed out under another one. */
  job: string | null
  startedAt: Date | null
  finishedAt: Date | null
}

/** The slice of a run. The fields of its part stand as the database gives them back, in whatever order they were planned. */
export function sliceOfRun({ connector, account, stream, part }: Run): Slice {
  return { connector, account, stream, part }
}

/** True for the three states that nothing follows. */
export function isFinished({ state }: Pick<Run, 'state'>): boolean {
  return state === 'success' || state === 'partial' || state === 'failed'
}
