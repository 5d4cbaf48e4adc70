import { isAbsolute } from 'node:path'
import { componentsOf } from '../../app/database.ts'
import { misshape } from '../../app/shape.ts'
import type { Connector } from '../../core/connector.ts'
import { migrate } from '../../db/migrations.ts'
import { bucketsOf } from '../../engine/buckets.ts'
import type { Whole } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { show, showError } from '../show.ts'

/** The rules by which `sluice` itself refuses a connector, and costs that fit their limits. */
export const shape = {
  says: 'names, limits, costs and steps are there',
  flaws,
  look: async ({ connector }: { connector: Connector }) => flaws(connector),
}

function flaws(connector: Connector): Flaw[] {
  const wrong = misshape(connector)
  if (wrong !== undefined) {
    return [
      { expected: 'a connector', came: wrong, change: 'mend that field; vendor(…).connector({ … }) fills in the rest' },
    ]
  }
  if (!isAbsolute(connector.migrations)) {
    const change = "write migrations: join(import.meta.dirname, 'migrations')"
    return [{ expected: 'the whole path of the folder of migrations', came: show(connector.migrations), change }]
  }
  return connector.streams.flatMap(stream => costly(connector, stream))
}

function costly(connector: Connector, stream: Connector['streams'][number]): Flaw[] {
  const source = { connector, stream, account: 'kit', credentials: {}, baseUrl: '', settings: {}, options: {} }
  return Object.entries(stream.limit).flatMap(([limit, cost]) => {
    try {
      bucketsOf('kit', source, { [limit]: cost ?? 0 })
      return []
    } catch (error) {
      if (!(error instanceof RangeError)) return []
      const expected = `${stream.name}: a question that fits the limit "${limit}"`
      return [{ expected, came: error.message, change: "raise the limit's burst or max, or lower the cost in `limit`" }]
    }
  })
}

/** Tables are made by numbered files that are run once, in one go, whatever was there before. */
export const migrations: Whole = {
  says: 'its SQL makes an empty database ready, and does nothing the second time',
  look: async ({ connector, cellar }) => {
    const expected = 'SQL that the database takes'
    try {
      const { store, drop } = await cellar.empty()
      try {
        await migrate(store, componentsOf([connector]))
        const again = await migrate(store, componentsOf([connector]))
        const came = again.map(({ name }) => name).join(', ')
        const change = 'give each file of SQL a number of its own: 001_….sql, 002_….sql'
        return again.length > 0 ? [{ expected: 'nothing left to do the second time', came, change }] : []
      } finally {
        await drop()
      }
    } catch (error) {
      return [{ expected, came: showError(error), change: `mend the files in ${connector.migrations}` }]
    }
  },
}
