import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Works with a Redis of our own, which keeps what it holds as most do: written down, and on the disk within a second. */
export async function withRedis<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-redis-'))
  const port = String(await freePort())
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes']
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  try {
    for await (const line of createInterface(server.stdout)) if (/ready to accept connections/i.test(line)) break
    if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`)
    server.stdout.resume()
    return await work(`redis://127.0.0.1:${port}`)
  } finally {
    server.kill()
    await ended.catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
