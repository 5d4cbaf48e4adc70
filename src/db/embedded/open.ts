import { join } from 'node:path'
import { StoreAway } from '../../core/failure.ts'
import { type Binaries, completeLinks, copyBinaries, findBinaries } from './binaries.ts'
import { checkCluster, createCluster, name, passwordOf, userOf } from './cluster.ts'
import { exists } from './file.ts'
import { keep } from './keep.ts'
import { openHome, type Place, settle, shared } from './place.ts'
import { poll } from './poll.ts'
import { type Connection, enter, type Presence } from './presence.ts'
import type { User } from './program.ts'
import { ensureServer, host, stopServer } from './server.ts'
import { refused } from './trouble.ts'
import { takeTurn } from './turn.ts'
import { standIn } from './user.ts'

/** An embedded store in use. It stays running at least until `release`, whatever other commands do. */
export type Embedded = {
  /** Connect with `ssl: false`. The port changes only when a killed server comes back and finds its port taken. */
  connection: Connection
  /** Whether the store was created now. */
  fresh: boolean
  /** Ends our use, and stops the server when nobody else is connected. Close your own connections before. */
  release(): Promise<void>
}

type Note = (line: string) => void

/** What a command holds while it uses the store. */
type Stay = { place: Place; binaries: Binaries; user: User | undefined; presence: Presence; connection: Connection }

/** How long a server that says it is ready may refuse us, in ms. */
const patience = 60_000

/**
 * Opens the embedded PostgreSQL below `home` (SLUICE_HOME), creating and starting it when needed, and keeps it in use
 * until release(). Any number of processes may do so at once; the server outlives each of them.
 * @throws Misuse for what the user must mend; StoreAway when the server does not come up.
 */
export async function openEmbedded({ home, note = () => {} }: { home: string; note?: Note }): Promise<Embedded> {
  const { fresh, stay } = await inTurn(home, note, own => arrive(own.home, own.own, note))
  return {
    fresh,
    ...keep(stay, {
      comeBack: async () => (await inTurn(home, note, own => arrive(own.home, own.own, note))).stay,
      leave: last => inTurn(home, note, () => leave(last)),
      note,
    }),
  }
}

/** Does the work while nobody else creates, starts, enters or stops this store. */
async function inTurn<T>(
  home: string,
  note: Note,
  work: (at: { home: string; own: string }) => Promise<T>,
): Promise<T> {
  try {
    const at = await openHome(home)
    const turn = await takeTurn(join(at.own, 'turns'), note)
    return await work(at).finally(turn.end)
  } catch (error) {
    throw await refused(error, home)
  }
}

async function arrive(home: string, own: string, note: Note): Promise<{ fresh: boolean; stay: Stay }> {
  const place = await settle(home, own, note)
  const binaries = await prepareBinaries()
  const fresh = !(await exists(place.data))
  if (fresh) await create(place, binaries, note)
  const password = await passwordOf(place)
  await checkCluster(place, binaries)
  const user = await userOf(place)
  const entered = await enterServer(place, binaries, user, password)
  return { fresh, stay: { place, binaries, user, ...entered } }
}

async function create(place: Place, binaries: Binaries, note: Note): Promise<void> {
  note(`Creating the embedded PostgreSQL ${binaries.major} in ${place.data}.`)
  await createCluster(place, binaries, process.getuid?.() === 0 ? await standIn(note) : undefined)
}

async function prepareBinaries(): Promise<Binaries> {
  const installed = await findBinaries()
  if (process.getuid?.() === 0) return copyBinaries(installed, shared)
  await completeLinks(installed.folder)
  return installed
}

async function enterServer(place: Place, binaries: Binaries, user: User | undefined, password: string) {
  const entered = await poll(patience, async () => {
    const { port } = await ensureServer(place, binaries, user)
    const connection = { host, port, user: name, password, database: name }
    const presence = await enter(connection)
    return presence && { presence, connection }
  })
  if (entered) return entered
  throw new StoreAway(
    'store-away',
    `The embedded PostgreSQL in ${place.data} runs, but has let nobody in for ${patience / 1000} s. ` +
      `Look into ${join(place.data, 'log')}, and try again.`,
  )
}

/** When the connection is lost we do not know who else is there, so the server is left to the next who leaves. */
async function leave({ place, binaries, user, presence }: Stay): Promise<void> {
  const alone = await presence.others().then(
    others => others === 0,
    () => false,
  )
  await presence.end()
  if (alone) await stopServer(place, binaries, user)
}
