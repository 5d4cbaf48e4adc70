import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Failure, Misuse, StoreAway } from '../../core/failure.ts'

/** Systems for which the package of binaries exists and on which the store's life is known to work. */
const supported = 'Linux with glibc (x64, arm64, arm, ia32, ppc64) and macOS (arm64, x64)'

/** The way out that every message about the embedded store can offer. */
const instead = 'set DATABASE_URL to a PostgreSQL server of your own (15 or newer)'

export function unsupported(why: string): Misuse {
  return new Misuse(
    'embedded-unsupported',
    `The embedded PostgreSQL cannot run here: ${why}. It runs on ${supported}; elsewhere ${instead}.`,
  )
}

export function diskFull(where: string): Misuse {
  return new Misuse(
    'disk-full',
    `The disk that holds ${where} is full. Free some space (a new store takes 50 MB), or set SLUICE_HOME to a folder on another disk.`,
  )
}

/** Turns what initdb or the server wrote before it gave up into an error that says what to do. */
export function explain(what: string, output: string, data: string): Failure {
  if (/No space left on device|Check free disk space|ENOSPC|Disk quota exceeded/.test(output)) return diskFull(data)
  if (/ENOENT|ENOEXEC|loading shared librar|Library not loaded|GLIBC/.test(output)) return unsupported(lastLine(output))
  if (/EPERM|EINVAL/.test(output)) return userRefused(output)
  return new StoreAway(
    'embedded-not-starting',
    `${what} failed for the embedded PostgreSQL in ${data}: ${lastLine(output)}. Run \`sluice doctor\`, or ${instead}.`,
  )
}

export function userRefused(why: string): Misuse {
  return new Misuse(
    'embedded-user',
    `PostgreSQL does not run as root, and Sluice could not run it as another user: ${why.trim()}. ` +
      `Start sluice as an ordinary user, or ${instead}.`,
  )
}

function lastLine(output: string): string {
  const lines = output.trim().split('\n')
  const named = lines.filter(line => /FATAL|PANIC|error:|ERROR/.test(line))
  return (named.at(-1) ?? lines.at(-1) ?? '').replace(/^.*?(FATAL|PANIC|ERROR):\s*/, '').replace(/\.$/, '')
}

/** Gives an error of the file system its meaning for whoever chose `home`; any other error comes back as it is. */
export async function refused(error: unknown, home: string): Promise<unknown> {
  const { code, path = home } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(path)
    case 'ENOTDIR':
    case 'EEXIST':
      return new Misuse('home-not-a-folder', `SLUICE_HOME is ${home}, but ${path} is not a folder. ${another}`)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
      return new Misuse('home-not-writable', await unwritable(path, home, code))
    default:
      return error
  }
}

const another = 'Set SLUICE_HOME to a folder that you can write to.'

async function unwritable(path: string, home: string, code: string): Promise<string> {
  const owner = await stat(path)
    .catch(() => stat(dirname(path)))
    .then(({ uid }) => `, which belongs to user ${uid}`)
    .catch(() => '')
  const we = process.getuid?.() ?? 'this user'
  return `SLUICE_HOME is ${home}, but user ${we} may not use ${path}${owner} (${code}). ${another}`
}
