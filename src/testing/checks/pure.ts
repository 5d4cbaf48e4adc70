import { isDeepStrictEqual } from 'node:util'
import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { frozen } from '../leaves.ts'
import { show, showError } from '../show.ts'
import type { Seen, Sight, Visit } from '../survey.ts'

/** The same question and answer give the same, whenever they come, and what is given is left as it is. */
export const pure: Shown = {
  says: 'its steps are pure: the same comes of the same, and nothing that is given is changed',
  sight: sight => {
    const pages = sight.visits
      .toReversed()
      .flatMap(visit => [
        ...pageFlaws(sight, visit),
        ...visit.seen.slice(0, most).flatMap(seen => rowFlaws(sight, seen)),
      ])
    return [...pages, ...startFlaws(sight)]
  },
}

/** So many records of a page are read again. */
const most = 200

function pageFlaws({ stream }: Sight, { cursor, at, ask, answer, page }: Visit): Flaw[] {
  const given = [frozen(cursor), frozen(at)] as const
  const after = `for the cursor ${show(cursor, 80)}`
  return [
    ...differs('request', after, ask, () => stream.request(...given)),
    ...differs('parse', after, page, () => ({ ...stream.parse(frozen(answer) as typeof answer, ...given) })),
  ]
}

function rowFlaws({ stream }: Sight, { parsed, beside, row }: Seen): Flaw[] {
  if (!row || !beside) return []
  return differs('row', `for ${show(parsed, 80)}`, row, () => ({ ...stream.row(frozen(parsed), frozen(beside)) }))
}

function startFlaws({ stream, visits }: Sight): Flaw[] {
  const [first] = visits
  if (!first) return []
  const at = { from: first.asked, part: first.at.part, options: first.at.options }
  try {
    return differs('start', 'the second time', stream.start(frozen(at)), () => stream.start(at))
  } catch (error) {
    return [changed('start', error)]
  }
}

function differs(step: string, when: string, before: unknown, again: () => unknown): Flaw[] {
  try {
    const now = again()
    if (isDeepStrictEqual(now, before)) return []
    return [
      {
        expected: `\`${step}\` gives the same again ${when}: ${show(before)}`,
        came: show(now),
        change: `\`${step}\` keeps something between its calls, in a variable of the module for instance: put it into the cursor. A worker that goes on elsewhere has nothing but that`,
      },
    ]
  } catch (error) {
    return [changed(step, error)]
  }
}

function changed(step: string, error: unknown): Flaw {
  const isChange =
    error instanceof TypeError && /read only|not extensible|Cannot (assign|delete|add)/.test(error.message)
  const change = isChange
    ? 'make a copy of what is given and change that'
    : 'the step must not throw what it did not throw before'
  return { expected: `\`${step}\` leaves what it is given as it is`, came: showError(error), change }
}
