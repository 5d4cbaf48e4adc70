import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest, half a minute and more. Begun last, one of them would go on alone while the others have ended. */
const long = [
  'cli/accounts',
  'conformance',
  'cli/init',
  'outage',
  'tokens',
  'crash',
  'adding',
  'started',
  'ozon/walk',
  'wildberries/trouble',
  'fleet',
  'package',
  'che168/trouble',
  'cli/connectors',
  'demo',
]

/** Begins with the files that take longest, in this order; the rest follows as it always does. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex(name => moduleId.endsWith(`/${name}.test.ts`))
      return at < 0 ? long.length : at
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
