import type { Each } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { nameOf } from '../ground.ts'
import { differ } from './differ.ts'

/** So many places at which a worker is stopped. */
const most = 20

/** Whoever goes on where another stopped has the cursor and nothing else, and comes to the same table. */
export const resume: Each = {
  says: 'stopped after any page and gone on with by another worker, it comes to the same rows',
  each: async (kit, stream) => {
    const { visits, contents } = (await kit.survey()).get(stream.name)!
    const stop = { after: 0, worker: new AbortController() }
    let asked = 0
    const before = (call: { stream: string }) => {
      if (call.stream !== stream.name || asked++ !== stop.after) return
      stop.worker.abort(new Error('the kit stops this worker'))
      stop.worker.signal.throwIfAborted()
    }
    return kit.within({ before }, async world => {
      const flaws: Flaw[] = []
      for (let after = 1; after < visits.length && after <= most && flaws.length === 0; after++) {
        await world.empty('everything')
        world.renew()
        Object.assign(stop, { after, worker: new AbortController() })
        asked = 0
        await world.crawl(stream, [world.hire(stop.worker.signal)])
        const [run] = await world.crawl(stream)
        const failed = run?.state === 'failed' ? (run.error ?? run.state) : undefined
        const difference = differ(contents, await world.contents(stream.table)) ?? failed
        if (difference === undefined) continue
        flaws.push({
          expected: `${nameOf(kit, stream)}, stopped after page ${after} and gone on with, holds the same rows`,
          came: difference,
          change:
            'everything a page needs must be in its cursor: nothing may be kept in variables, and `start` is asked only once',
        })
      }
      return flaws
    })
  },
}
