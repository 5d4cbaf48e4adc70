import type { Run } from '../../core/run.ts'
import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { nameOf } from '../ground.ts'
import { show } from '../show.ts'
import type { Sight, Visit } from '../survey.ts'

/** Every page leads somewhere else or is the last, so a crawl comes to an end, and brings records. */
export const end: Shown = {
  says: 'its pages lead to an end',
  sight: (sight, kit) => {
    const expected = `${nameOf(kit, sight.stream)} is collected to its end`
    const failed = sight.runs.find(({ state }) => state !== 'success' && state !== 'partial')
    if (failed) return [{ expected, ...troubleOf(failed, sight) }]
    const gap = sight.runs.find(({ warning }) => /not covered/.test(warning ?? ''))
    if (gap) return [uncovered(expected, gap)]
    return sight.visits.some(({ seen }) => seen.length > 0) ? [] : [nothing(expected, sight)]
  },
}

type Trouble = Pick<Flaw, 'came' | 'change'>

function troubleOf(run: Run, { visits }: Sight): Trouble {
  const came = (run.error ?? run.reason ?? 'it does not end').replace('This is a fault in Sluice: ', '')
  const last = visits.at(-1)
  const at = last ? ` (last cursor ${show(last.cursor, 80)}, next ${show(last.page.next, 80)})` : ''
  return { came: `${came}${at}`, change: adviceOf(run, visits) }
}

function adviceOf({ errorCode, error }: Run, visits: readonly Visit[]): string {
  if (errorCode === 'stuck-cursor' || isCircle(visits)) {
    return '`next` must move with every page, for instance to the last id of its records; say done: true on the last one'
  }
  if (/no end/.test(error ?? ''))
    return 'let `parse` say done: true on the last page, or raise the setting `pages` of the kit'
  if (errorCode === 'bad-page') return '`parse` refused an answer of the imitated vendor: correct one of them'
  if (errorCode === 'bug')
    return 'one of the steps threw an error: it must not; what is broken belongs to the schema or is a BadPage'
  return 'correct `request` or the imitated vendor, until every question is answered'
}

function isCircle(visits: readonly Visit[]): boolean {
  const questions = visits.map(({ cursor, at }) => JSON.stringify([cursor, at.part, at.rows]))
  return new Set(questions).size < questions.length
}

function uncovered(expected: string, { warning }: Run): Flaw {
  const change =
    'let `covered` begin where the cursor stands and end where the next page begins, and `total` be what comes'
  return { expected, came: String(warning), change }
}

function nothing(expected: string, { stream, visits }: Sight): Flaw {
  const subjects = stream.for
    ? `; its questions are about rows of ${stream.for.table}, which another stream must bring`
    : ''
  const change = `let the imitated vendor have records for the parts the settings name${subjects}`
  return { expected: `${expected}, and brings records`, came: `${visits.length} pages without a record`, change }
}
