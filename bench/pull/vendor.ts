import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { World } from '../../src/sim/binance/world.ts'
import { from, symbols } from './load.ts'

/** The imitated exchange, without limits, in a process of its own. */
export type Vendor = { url: string; world: World; stop(): Promise<void> }

const program = fileURLToPath(import.meta.resolve('../../src/sim/binance/process.ts'))

/** Starts it; its answers are not compressed, because nobody compresses for a loopback. */
export async function startVendor(): Promise<Vendor> {
  const args = ['--symbols', symbols.join(), '--since', from.toISOString(), '--unlimited', '--plain']
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => undefined)])
  if (line === undefined) throw new Error('the imitated vendor did not start')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  return { ...JSON.parse(line[0]), stop }
}
