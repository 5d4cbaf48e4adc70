import type { Answer } from '../../core/ask.ts'
import { BadPage } from '../../core/failure.ts'
import { isRanged, type PullStream } from '../../core/stream.ts'
import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { nameOf } from '../ground.ts'
import type { Kit } from '../kit.ts'
import { fieldsOf, replaced } from '../leaves.ts'
import { show, showError } from '../show.ts'
import type { Sight, Visit } from '../survey.ts'

/** Answers that are not the documented ones are told as that: BadPage is asked for again, any other error is a fault. */
export const garbage: Shown = {
  says: 'garbage is a BadPage or a page, and no other error',
  sight: (sight, kit) => {
    const visits = kinds(sight)
    const flaws = visits.flatMap(visit => answersLike(visit).flatMap(json => flawOf(sight, visit, json)))
    for (const visit of visits) warn(kit, sight, visit)
    return flaws
  },
}

const rubbish = [null, 0, 7.5, '', 'garbage', true, [], {}, [null], [1], ['garbage'], [[]], [{}], { error: 'garbage' }]
const others = [undefined, null, 7, -0.5, 'garbage', true, [], {}, [null], ['garbage'], [{}]]

/** One page of each kind of cursor: reports have several. */
function kinds({ visits }: Sight): Visit[] {
  const shape = ({ cursor }: Visit) =>
    typeof cursor === 'object' && cursor !== null
      ? Object.entries(cursor).filter(([, value]) => typeof value === 'string' && /^[a-z]+$/.test(value))
      : []
  const groups = Map.groupBy(visits, visit => JSON.stringify(shape(visit)))
  return [...groups.values()].slice(0, 5).map(group => group[0]!)
}

/** Rubbish, and the answer with each field of its envelope missing or of another kind. */
function answersLike({ answer: { json } }: Visit): unknown[] {
  const fields = fieldsOf(json, 3).slice(0, 100)
  return [...rubbish, ...fields.flatMap(path => others.map(other => replaced(json, path, other)))]
}

function flawOf({ stream }: Sight, { answer, cursor, at }: Visit, json: unknown): Flaw[] {
  const list = answer.list ? { list: { count: 0, first: undefined, last: undefined } } : {}
  const given: Answer = { ...answer, json: structuredClone(json), ...list }
  const expected = `\`parse\` reads ${show(json, 120)} as a page, or throws a BadPage`
  try {
    const wrong = wrongOf(stream, stream.parse(given, cursor, at))
    const change =
      'look at the envelope before using it: const page = envelope.safeParse(json); if (!page.success) throw new BadPage(…)'
    return wrong === undefined ? [] : [{ expected, came: wrong, change }]
  } catch (error) {
    if (error instanceof BadPage) return []
    const change =
      "check the envelope by a schema first; if (!page.success) throw new BadPage('bad-page', 'the answer holds no …')"
    return [{ expected, came: showError(error), change }]
  }
}

/** What is no page about what `parse` gave; undefined when it is one. */
function wrongOf(stream: PullStream, page: ReturnType<PullStream['parse']>): string | undefined {
  if (typeof page !== 'object' || page === null) return `no page: ${show(page)}`
  if (typeof page.done !== 'boolean') return `a page whose done is ${show(page.done)}`
  if (page.records !== undefined && !Array.isArray(page.records))
    return `a page whose records are ${show(page.records, 60)}`
  const next = page.done || stream.cursor.safeParse(page.next).success
  if (!next) return `a page whose next is ${show(page.next, 60)}, which is no cursor`
  if (page.total !== undefined && !Number.isInteger(page.total)) return `a page whose total is ${show(page.total)}`
  const covered = isRanged(stream) ? (page as { covered?: { from: Date; to: Date } }).covered : undefined
  const isTime = !isRanged(stream) || (covered && covered.from.getTime() <= covered.to.getTime())
  return isTime ? undefined : `a page that covers ${show(covered)}`
}

/** An answer without its records that is taken for an empty last page ends a crawl that has not ended. */
function warn(kit: Kit, { stream }: Sight, { answer, cursor, at, seen }: Visit): void {
  if (seen.length === 0 || answer.list || typeof answer.json !== 'object') return
  try {
    const page = stream.parse({ ...answer, json: {} }, cursor, at)
    const name = nameOf(kit, stream)
    if (page.done)
      kit.warn(`${name}: \`parse\` takes {} for an empty last page; if the vendor never means that, throw a BadPage`)
  } catch {}
}
