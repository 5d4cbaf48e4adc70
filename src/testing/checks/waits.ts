import { milliseconds } from '../../core/duration.ts'
import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { show } from '../show.ts'
import type { Sight, Visit } from '../survey.ts'

/** What a page says of itself does not contradict itself. */
export const waits: Shown = {
  says: 'a page that waits is not the last, and a list has as many records as the vendor says',
  sight: sight => [...sight.visits.flatMap(waitFlaws), ...totalFlaws(sight)],
}

function waitFlaws({ cursor, page: { wait, done } }: Visit): Flaw[] {
  if (wait === undefined) return []
  const came = `wait: ${show(wait)}, done: ${done} after the cursor ${show(cursor)}`
  if (done) {
    const change = 'say done: false while the vendor needs time; the page after the wait says whether it is the last'
    return [{ expected: 'a page that waits goes on after it', came, change }]
  }
  try {
    milliseconds(wait)
    return []
  } catch {
    return [{ expected: 'a wait of some length', came, change: "write a number and ms, s, m, h or d: '30s'" }]
  }
}

function totalFlaws({ stream, visits }: Sight): Flaw[] {
  if (stream.mode !== 'snapshot') return []
  return [...Map.groupBy(visits, ({ at }) => JSON.stringify(at.part)).values()].flatMap(pages => {
    const total = pages.findLast(({ page }) => page.total !== undefined)?.page.total
    const came = pages.reduce((sum, { seen }) => sum + seen.length, 0)
    if (total === undefined || total === came) return []
    const change = 'take `total` from what the vendor says of the whole list, and say done: true only on its last page'
    return [{ expected: `a list of ${total} records, as its last page says`, came: `${came} records`, change }]
  })
}
