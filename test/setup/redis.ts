import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRedis } from '../../src/redis/client.ts'
import { freePort } from './port.ts'

/** Why no Redis can be started here; undefined when one can. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0 ? undefined : 'not run: redis-server is missing'

/** A Redis of a test's own: a real server on a port of its own. */
export type RedisServer = {
  url: string
  pid(): number
  /** Ends it as a power cut does, with or without its memory, and begins it again on the same port. */
  restart(memory: 'kept' | 'lost'): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts a Redis that writes everything down before it answers; what a killed process has written is kept by the system. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const safe = ['--appendonly', 'yes', '--appendfsync', 'no', '--daemonize', 'no']
  let server = spawn('redis-server', [...args, ...safe], { stdio: 'ignore' })
  const ready = async () => {
    for (let tries = 0; ; tries++) {
      if (await answers(url)) return
      if (server.exitCode !== null || tries > 200) throw new Error('not run: redis-server did not start')
      await sleep(25)
    }
  }
  const start = async () => {
    server = spawn('redis-server', [...args, ...safe], { stdio: 'ignore' })
    await ready()
  }
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGKILL')
    await once(server, 'exit')
  }
  const forget = () => rm(join(folder, 'appendonlydir'), { recursive: true, force: true })
  await ready()
  return {
    ...{ url, start, kill, pid: () => server.pid! },
    restart: async memory => {
      await kill()
      if (memory === 'lost') await forget()
      await start()
    },
    stop: async () => {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** It answers commands, and does not still read what it has written down. */
async function answers(url: string): Promise<boolean> {
  const redis = await openRedis(url).catch(() => undefined)
  const pong = await redis?.command('GET', 'any').then(
    () => true,
    () => false,
  )
  await redis?.close()
  return pong ?? false
}
