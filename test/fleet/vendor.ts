import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Options } from '../../src/sim/acme/acme.ts'
import type { Call } from '../../src/sim/acme/call.ts'
import type { Fault } from '../../src/sim/acme/faults.ts'

const program = fileURLToPath(new URL('../../src/sim/acme/process.ts', import.meta.url))

/** The imitated vendor as a process of its own, for the running test. */
export type Vendor = { url: string; calls(): Promise<Call[]>; plant(fault: Fault): Promise<number> }

export async function startVendor(options: Options): Promise<Vendor> {
  const args = [program, '--options', JSON.stringify(options)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout!), 'line')
  const { url }: { url: string } = JSON.parse(line)
  const ask = async <T>(path: string, init?: RequestInit): Promise<T> =>
    (await (await fetch(`${url}/_sim/${path}`, init)).json()) as T
  return {
    url,
    calls: () => ask<Call[]>('calls'),
    plant: async fault => (await ask<{ id: number }>('faults', { method: 'POST', body: JSON.stringify(fault) })).id,
  }
}
