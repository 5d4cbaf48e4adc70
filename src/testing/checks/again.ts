import type { Run } from '../../core/run.ts'
import { isRanged } from '../../core/stream.ts'
import type { Each } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { nameOf } from '../ground.ts'
import { differ } from './differ.ts'

/** A minute later (ms), for those who tell newer rows by when they were asked for. */
const minute = 60_000

/** Collecting what is there already changes nothing: first as a user does, then with all that was proven forgotten. */
export const again: Each = {
  says: 'collected a second time, it brings nothing new',
  each: (kit, stream) =>
    kit.within({}, async world => {
      await world.crawl(stream)
      const before = await world.contents(stream.table)
      const flaws: Flaw[] = []
      for (const how of ['at once', 'from the beginning'] as const) {
        if (how === 'from the beginning') await world.empty('ledgers')
        if (how === 'from the beginning') world.renew()
        if (!isRanged(stream)) await world.clock.pass(minute)
        const sum = gainOf(await world.crawl(stream))
        const came = differ(before, await world.contents(stream.table)) ?? gainText(sum, stream.mode)
        if (came === undefined) continue
        const change =
          'the same record must give the same row: no time, random number or counter in `row`; the key must be what the vendor calls it by'
        flaws.push({ expected: `${nameOf(kit, stream)}, collected again ${how}, is as it was`, came, change })
      }
      return flaws
    }),
}

type Gain = Pick<Run, 'inserted' | 'changed'>

function gainOf(runs: readonly Run[]): Gain {
  const sum = (name: keyof Gain) => runs.reduce((all, run) => all + run[name], 0)
  return { inserted: sum('inserted'), changed: sum('changed') }
}

/** A chain from its beginning passes through older versions again; that it ends as it was is looked at beside this. */
function gainText({ inserted, changed }: Gain, mode: string): string | undefined {
  const counts = mode === 'chain' ? inserted : inserted + changed
  return counts > 0 ? `${inserted} rows were new, ${changed} changed` : undefined
}
