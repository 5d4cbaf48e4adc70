import { Misuse } from '../core/failure.ts'
import { pending } from '../db/migrations.ts'
import { describeServer } from '../db/server.ts'
import { type App, components } from './app.ts'

/** The oldest major version of PostgreSQL that Sluice works with. */
const oldest = 15

/**
 * What the server says of itself, when it can hold our tables.
 * @throws Misuse that names everything that is missing, with what to do about it.
 */
export async function examineServer(app: App): Promise<string> {
  const { version, encoding, user, mayCreate } = await describeServer(app.store)
  const { database } = app.store.connection
  const lacks = [
    Number.parseInt(version, 10) < oldest && `it is PostgreSQL ${version}, and ${oldest} or newer is needed`,
    encoding !== 'UTF8' &&
      `its encoding is ${encoding}, and UTF8 is needed: createdb --encoding=UTF8 --template=template0 <another name>`,
    !mayCreate &&
      (await pending(app.store, components(app))).length > 0 &&
      `the user ${user} may not create schemas in it: grant create on database "${database}" to "${user}"`,
  ].filter(each => each !== false)
  if (lacks.length === 0) return `PostgreSQL ${version}`
  throw new Misuse('server-unfit', `The database at ${app.store.where} cannot be used: ${lacks.join('; ')}.`)
}
