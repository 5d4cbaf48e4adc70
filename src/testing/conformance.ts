import type { Connector } from '../core/connector.ts'
import type { PullStream } from '../core/stream.ts'
import type { Check, Whole } from './check.ts'
import { again } from './checks/again.ts'
import { broken } from './checks/broken.ts'
import { columns } from './checks/columns.ts'
import { end } from './checks/end.ts'
import { exact } from './checks/exact.ts'
import { faults } from './checks/faults.ts'
import { forgotten } from './checks/forgotten.ts'
import { garbage } from './checks/garbage.ts'
import { keys } from './checks/keys.ts'
import { limits } from './checks/limits.ts'
import { memory } from './checks/memory.ts'
import { order } from './checks/order.ts'
import { pure } from './checks/pure.ts'
import { resume } from './checks/resume.ts'
import { migrations, shape } from './checks/shape.ts'
import { table } from './checks/table.ts'
import { waits } from './checks/waits.ts'
import { type Flaw, Flawed } from './flaw.ts'
import { nameOf } from './ground.ts'
import { type Kit, kitOf } from './kit.ts'
import type { Settings } from './settings.ts'

/** A check by its name, a sentence. `run` rejects with a message for the connector's author when it does not hold. */
export type Test = { name: string; run(): Promise<void> }

/** All there is to look at: of the connector, of each of its streams, and of all of them together. */
const ofConnector = [shape, migrations, faults]
const ofStream = [
  ...[table, end, waits, columns, exact, keys, pure, garbage, broken],
  ...[resume, again, order, forgotten, memory],
]

const ofAll = [limits]

/**
 * Everything that holds of a right connector, looked at with an imitation of its vendor: one test for each thing, to be run by
 * whichever test runner, one after the other or at once.
 * @throws RangeError or ZodError when the settings name a stream or an option that the connector does not have
 */
export function conformance(connector: Connector, settings: Settings): Test[] {
  const wrong = shapeless(connector)
  if (wrong) return [wrong]
  const kit = kitOf(connector, settings)
  const whole = (check: Whole) => testOf(`${connector.name}: ${check.says}`, () => check.look(kit))
  return [
    ...ofConnector.map(whole),
    ...kit.streams.flatMap(stream => ofStream.filter(isAbout(stream)).map(check => testOfStream(kit, stream, check))),
    ...ofAll.map(whole),
  ]
}

function isAbout(stream: PullStream) {
  return (check: Check) => !('of' in check) || check.of?.(stream) !== false
}

/** What is no connector at all has nothing else to be looked at. */
function shapeless(connector: Connector): Test | undefined {
  const flaws = shape.flaws(connector)
  const name = `${connector?.name ?? 'connector'}: ${shape.says}`
  return flaws.length > 0 ? { name, run: () => Promise.reject(new Flawed(name, flaws)) } : undefined
}

function testOfStream(kit: Kit, stream: PullStream, check: Exclude<Check, { look: unknown }>): Test {
  const look = async () => ('each' in check ? check.each(kit, stream) : check.sight(await sightOf(kit, stream), kit))
  return testOf(`${nameOf(kit, stream)}: ${check.says}`, look)
}

async function sightOf(kit: Kit, { name }: PullStream) {
  return (await kit.survey()).get(name)!
}

function testOf(name: string, look: () => Promise<Flaw[]>): Test {
  const run = async () => {
    const flaws = await look()
    if (flaws.length > 0) throw new Flawed(name, flaws)
  }
  return { name, run }
}
