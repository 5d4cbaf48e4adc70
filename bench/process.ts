import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * For how long (ms) the main thread of a process did not let go: `late` has in it what a busy machine took away from it,
 * `busy` is what it computed itself.
 */
export type Blocks = { late: number; busy: number }

/** Watches the event loop of this process, beating every 5 ms, until it is stopped. */
export function watchLoop(): { stop(): Blocks } {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  let [late, last, busy, spent] = [0, performance.now(), 0, spentMs()]
  const timer = setInterval(() => {
    const [now, nowSpent] = [performance.now(), spentMs()]
    late = Math.max(late, now - last - 5)
    busy = Math.max(busy, nowSpent - spent)
    last = now
    spent = nowSpent
  }, 5)
  return {
    stop: () => {
      clearInterval(timer)
      delay.disable()
      return { late: Math.max(late, delay.max / 1e6), busy }
    },
  }
}

/** The processor time of this thread. */
function spentMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** The most memory this process ever held (RSS). Linux says it of this process alone; `maxRSS` may count its parent's. */
export function peakMb(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS / 1024
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))!
  return Number(kilobytes) / 1024
}
