import { execute, type User } from './program.ts'
import { userRefused } from './trouble.ts'

/**
 * The user PostgreSQL runs as when we are root, which it refuses to be: `sluice`, made when it is missing, else (where
 * no user can be made) `postgres`, else `nobody`.
 */
export async function standIn(note: (line: string) => void): Promise<User> {
  const user = (await find('sluice')) ?? (await create(note)) ?? (await find('postgres')) ?? (await find('nobody'))
  if (user === undefined) throw userRefused('there is no user sluice, postgres or nobody, and none could be made')
  return user
}

async function find(name: string): Promise<User | undefined> {
  const [uid, gid] = await Promise.all([execute('id', ['-u', name]), execute('id', ['-g', name])])
  if (!uid.ok || !gid.ok || Number(uid.output) === 0) return undefined
  return { uid: Number(uid.output), gid: Number(gid.output) }
}

/** The two ways to make a system user: that of most systems, and that of BusyBox (Alpine). */
const ways = [
  [['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'sluice']],
  [
    ['addgroup', '-S', 'sluice'],
    ['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', '-G', 'sluice', 'sluice'],
  ],
]

/** Looks for the user after each way, whatever it answered: another store may have made it at the same moment. */
async function create(note: (line: string) => void): Promise<User | undefined> {
  for (const commands of ways) {
    for (const [program = '', ...args] of commands) await execute(program, args)
    const user = await find('sluice')
    if (user) {
      note('Made the system user sluice: PostgreSQL does not run as root.')
      return user
    }
  }
  return undefined
}
