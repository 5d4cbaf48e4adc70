import { spawn } from 'node:child_process'

/** The user a program runs as when it is not ourselves. */
export type User = { uid: number; gid: number }

/** Whether it ended well, and what it wrote. A program that cannot be started at all has written the reason. */
export type Outcome = { ok: boolean; output: string }

/**
 * How every program of the store is started. It stands in `/`, because its user may not be able to enter our folder;
 * it is a session of its own, so that Ctrl-C does not cut an initdb or a shutdown in half; and of our environment it
 * gets the search path only: no secrets, no PGPORT and no PGOPTIONS. Node drops our supplementary groups with the uid.
 */
export function surroundings(user: User | undefined) {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/usr/bin:/sbin:/bin`
  const env = { PATH: path, LC_ALL: 'C', TZ: 'UTC' }
  return { cwd: '/', detached: true, env, ...(user && { uid: user.uid, gid: user.gid }) }
}

/** Runs a program to its end. Arguments are visible to everybody on the machine: never a password. */
export async function execute(program: string, args: string[], user?: User): Promise<Outcome> {
  try {
    return await started(program, args, user)
  } catch (error) {
    return { ok: false, output: (error as Error).message }
  }
}

function started(program: string, args: string[], user: User | undefined): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...surroundings(user), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const hear = (chunk: Buffer) => {
      output = (output + chunk).slice(-8_000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ ok: code === 0, output: output || `ended by ${signal ?? code}` }))
  })
}
