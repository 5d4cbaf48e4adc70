import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { imitateChe168, type Options } from '../../src/sim/che168/che168.ts'
import { setupDatabase } from '../setup/database.ts'
import { setupFolder, start, urlOf } from '../setup/sluice.ts'
import { key } from './bench.ts'

const program = fileURLToPath(new URL('../../src/sim/che168/process.ts', import.meta.url))

/** The imitated vendor as a process of its own, whose clock stands still, and the same one here to look its truth up. */
async function startMarket(world: Partial<Options>, now: number) {
  const given = ['--plain', '--now', new Date(now).toISOString(), '--options', JSON.stringify({ ...world, key })]
  const child = spawn(process.execPath, [program, ...given], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout!), 'line')
  const { url, options }: { url: string; options: Options } = JSON.parse(line)
  let moment = now
  const sim = imitateChe168({ ...options, now: () => moment })
  const at = async (set: number) => {
    moment = set
    await fetch(`${url}/_sim/clock`, { method: 'POST', body: JSON.stringify({ set }) })
  }
  return { url, sim, at, now: () => moment }
}

/** What a command took: seconds, and the most memory it held (MB). */
export type Took = { seconds: number; peak: number }

/** A market in a process of its own, a database, and commands that collect as fast as they are answered. */
export async function setupMarket(world: Partial<Options>, now: number) {
  const [market, folder, database] = [await startMarket(world, now), await setupFolder(), await setupDatabase()]
  const free = '{max: 1000000, every: 1s, burst: 1000000}'
  const limits = ['offers', 'changes', 'offer', 'filters'].map(name => `    ${name}: ${free}`)
  await writeFile(join(folder, 'sluice.yaml'), `che168:\n  limits:\n${limits.join('\n')}\n`)
  const env = {
    DATABASE_URL: urlOf(database.connection),
    CHE168_BASE_URL: `${market.url}/api/v2/che168`,
    CHE168_API_KEY: key,
  }
  const begin = (stream: string) => start(['sync', `che168.${stream}`, '--json'], { folder, env })
  const sync = async (stream: string): Promise<Took & { code: number | null; err: string }> => {
    const began = performance.now()
    const command = begin(stream)
    const watch = watchMemory(command.child.pid!)
    const { code, err } = await command.ended
    return { code, err, seconds: (performance.now() - began) / 1000, peak: watch.stop() }
  }
  /** Begins the load, and kills it with its whole process group once so many adverts are there. */
  const killAt = async (rows: number) => {
    const command = begin('offers')
    while (command.child.exitCode === null && (await countRaw()) < rows) await sleep(200)
    command.signalGroup('SIGKILL')
    return command.ended
  }
  const countRaw = async () => {
    const [row] = await database.store.query<{ n: number }>('select count(*)::int as n from che168.raw_data')
    return row!.n
  }
  return { ...database, ...market, sync, killAt }
}

/** Looks twice a second how much memory a process has had at most (MB), as Linux counts it. */
function watchMemory(pid: number): { stop(): number } {
  let peak = 0
  const look = () => {
    try {
      const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
      peak = Math.max(peak, Number(kilobytes ?? 0) / 1024)
    } catch {
      // It has ended, or this is no Linux.
    }
  }
  const timer = setInterval(look, 500)
  return {
    stop: () => {
      clearInterval(timer)
      return peak
    },
  }
}
