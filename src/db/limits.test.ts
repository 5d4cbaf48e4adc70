import { limitsSuite } from '../../test/limits/suite.ts'
import { setupFileDatabase } from '../../test/setup/database.ts'
import { postgresLimits } from './limits.ts'

limitsSuite('buckets in PostgreSQL', async () => {
  const database = await setupFileDatabase()
  return { open: async () => postgresLimits(database.another(4)), at: moment => database.at(new Date(moment)) }
})
