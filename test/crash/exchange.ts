import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Call } from '../../src/sim/binance/call.ts'
import type { Fault } from '../../src/sim/binance/faults.ts'
import type { Row } from '../../src/sim/binance/market.ts'

const program = fileURLToPath(new URL('../../src/sim/binance/process.ts', import.meta.url))

/** An imitated exchange without limits as a process of its own, whose every answer takes so many ms. */
export async function startExchange(symbols: readonly string[], since: Date, slow: number) {
  const options = ['--symbols', symbols.join(','), '--since', since.toISOString(), '--unlimited']
  const child = spawn(process.execPath, [program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = await once(createInterface(child.stdout!), 'line')
  const { url }: { url: string } = JSON.parse(line)
  const ask = async <T>(path: string, method = 'GET', body?: object): Promise<T> => {
    const answer = await fetch(`${url}/_sim/${path}`, { method, ...(body && { body: JSON.stringify(body) }) })
    return (await answer.json()) as T
  }
  const plant = async (fault: Fault) => (await ask<{ id: number }>('faults', 'POST', fault)).id
  await plant({ kind: 'slow', ms: slow, times: 1e9 })
  return {
    url,
    /** Plants a fault and gives its number. */
    plant,
    remove: (id: number) => ask(`faults/${id}`, 'DELETE'),
    /** The questions for candles so far, in order. */
    calls: async () => (await ask<Call[]>('calls')).filter(({ path }) => path === '/api/v3/klines'),
    truth: (symbol: string, from: number, to: number) =>
      ask<Row[]>(`truth?symbol=${symbol}&interval=1m&from=${from}&to=${to}`),
  }
}
