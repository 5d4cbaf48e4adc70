import { readdir, readFile, stat } from 'node:fs/promises'
import { execute } from './program.ts'

/** What Linux tells everybody about a process; `born` counts clock ticks since the machine started. */
type Facts = { name: string; state: string; born: string }

async function facts(pid: number): Promise<Facts | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const end = text.lastIndexOf(')')
  const fields = text.slice(end + 2).split(' ')
  return { name: text.slice(text.indexOf('(') + 1, end), state: fields[0] ?? '', born: fields[19] ?? '' }
}

/** Tells this process from a later one that gets its number; empty where the system does not say. */
export async function birth(pid: number): Promise<string> {
  return (await facts(pid))?.born ?? ''
}

/** Whether the number is in use at all, be it by a zombie or by a process of somebody else. */
export function taken(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether the process works. A zombie does not, and neither does one whose number went to a younger process. */
export async function alive(pid: number, born = ''): Promise<boolean> {
  if (!taken(pid)) return false
  const seen = await facts(pid)
  return seen === undefined || (seen.state !== 'Z' && (born === '' || seen.born === born))
}

/** The name of the process's program, without its folder; undefined when nobody tells. */
export async function programOf(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return (await facts(pid))?.name
  const { ok, output } = await execute('ps', ['-o', 'comm=', '-p', String(pid)])
  return ok ? output.trim().split('/').at(-1) : undefined
}

/**
 * Whether the process stands in the folder, whatever path leads there (a bind mount, a renamed home). Undefined where we
 * may not look: not Linux, or root in a container that may not see into other users' processes.
 */
export async function standsIn(pid: number, folder: string): Promise<boolean | undefined> {
  const its = await stat(`/proc/${pid}/cwd`).catch(() => undefined)
  if (its === undefined) return undefined
  const { dev, ino } = await stat(folder)
  return its.dev === dev && its.ino === ino
}

/** Whether any process of that program stands in the folder, as far as we may look. */
export async function occupied(folder: string, program: string): Promise<boolean> {
  const names = await readdir('/proc').catch(() => [])
  const pids = names.map(Number).filter(pid => pid > 0)
  const there = await Promise.all(pids.map(pid => standsIn(pid, folder)))
  const programs = await Promise.all(pids.filter((_, at) => there[at]).map(programOf))
  return programs.includes(program)
}
