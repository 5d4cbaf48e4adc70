import type { Connector } from '../../core/connector.ts'
import type { Fault } from '../../core/fault.ts'
import type { Whole } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { show, showError } from '../show.ts'

/** Whatever a vendor, a proxy or a firewall answers, `fault` has a word on it or none, and it is never an error. */
export const faults: Whole = {
  says: 'fault() never throws, and knows a throttle and a refusal of credentials',
  look: async ({ connector }) => [
    ...statuses.flatMap(status => bodies.flatMap(text => heads.flatMap(head => flawOf(connector, status, text, head)))),
    ...meanings.flatMap(([status, kind]) => plain.flatMap(text => otherwise(connector, status, kind, text))),
  ],
}

const statuses = [200, 304, 400, 401, 402, 403, 404, 408, 409, 418, 422, 429, 500, 502, 503]
const plain = ['', '{}', '<html>busy</html>']
const bodies = [
  ...[...plain, 'null', '7', '"text"', '[]', '[null]', '{"error":null}', '{"errors":[null]}', '{"error":{"code":[]}}'],
  ...['{"code":"x","message":{}}', '{"code":-1,"msg":null}', '{"cut', `{"message":"${'long '.repeat(500)}"}`, '\u0000'],
]
const heads: Record<string, string>[] = [{}, { 'retry-after': 'soon' }, { 'retry-after': '99999999999999999999' }]
const meanings = [
  [429, 'throttled'],
  [401, 'auth'],
] as const
const at = new Date('2026-01-01T00:00:00Z')
const kinds = ['permanent', 'gone', 'transient', 'auth', 'throttled']

function flawOf(connector: Connector, status: number, text: string, head: Record<string, string>): Flaw[] {
  const expected = `fault() has a word on status ${status} with the body ${show(text, 60)} and ${show(head)}, or none`
  try {
    const wrong = wrongOf(connector, connector.fault({ status, text, headers: new Headers(head), at }))
    return wrong === undefined ? [] : [{ expected, came: wrong, change: 'give a Fault as its type has it' }]
  } catch (error) {
    const change = 'read the body with care: it may be anything, and no JSON; give undefined for what you do not know'
    return [{ expected, came: showError(error), change }]
  }
}

function wrongOf({ limits }: Connector, fault: Fault | undefined): string | undefined {
  if (fault === undefined) return undefined
  if (!kinds.includes(fault.kind) || typeof fault.message !== 'string') return show(fault)
  if (fault.until && Number.isNaN(fault.until.getTime())) return 'until is no time'
  return fault.limit !== undefined && !(fault.limit in limits)
    ? `limit "${fault.limit}", which there is not`
    : undefined
}

/** Without a word of the vendor's own, the status decides, and rightly. */
function otherwise(connector: Connector, status: number, kind: Fault['kind'], text: string): Flaw[] {
  const fault = tried(connector, status, text)
  if (fault === undefined || fault.kind === kind) return []
  const change = `give kind: '${kind}' for ${status}, or undefined: then the status decides`
  return [{ expected: `${status} with the body ${show(text)} is "${kind}"`, came: `"${fault.kind}"`, change }]
}

/** That it throws is told by another check. */
function tried({ fault }: Connector, status: number, text: string): Fault | undefined {
  try {
    return fault({ status, text, headers: new Headers(), at })
  } catch {
    return undefined
  }
}
