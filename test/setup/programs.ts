import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Whether a Redis server can be started here. On Debian, as root, the package is installed when it is missing, which is
 * said; elsewhere what needs it is not run, which is said too.
 */
export function haveRedis(): boolean {
  if (onPath('redis-server')) return true
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return false
  process.stdout.write('Installing Debian’s package redis-server, which the tests need …\n')
  try {
    const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
    execFileSync('apt-get', ['update', '-qq'], options)
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], options)
  } catch (error) {
    process.stdout.write(`It could not be installed: ${(error as Error).message}\n`)
  }
  return onPath('redis-server')
}

function onPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => existsSync(join(folder, program)))
}
