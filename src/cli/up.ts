import { type App, type Role, type Running, startEngine } from '../app/app.ts'
import { Misuse } from '../core/failure.ts'
import type { Log } from '../core/log.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen, screenLog } from './screen.ts'
import { onStop } from './stop.ts'

const roles: readonly Role[] = ['worker', 'scheduler']

/** `sluice up`: collects what is due, as long as it runs. */
export function up({ roles: named, ...options }: Common & { roles?: string }): Promise<ExitCode> {
  const wanted = rolesOf(named)
  return withApp(options, async (app, screen) => {
    const log = screen.json ? eventLog(screen) : screenLog(screen, app.settings.log_level)
    log('info', `Sluice is up (${wanted.join(', ')}) on ${app.store.where}. Stop with Ctrl-C.`)
    await run(app, log, wanted)
    log('info', 'Sluice has stopped.')
    return 0
  })
}

/** Runs the engine until the user stops it, who may do so while it still starts. */
export async function run(app: App, log: Log, wanted: readonly Role[] = roles): Promise<void> {
  const starting = startEngine(app, log, wanted)
  const stopping = onStop(() => halt(starting))
  try {
    await (await starting).done
  } finally {
    await halt(starting)
    stopping.end()
  }
}

/** Stops an engine as soon as it has started; one that could not start has nothing to stop. */
export function halt(starting: Promise<Running>): Promise<void> {
  return starting.then(
    running => running.stop(),
    () => undefined,
  )
}

function rolesOf(named: string | undefined): readonly Role[] {
  if (named === undefined) return roles
  const asked = named.split(',').map(role => role.trim())
  const unknown = asked.find(role => !roles.includes(role as Role))
  if (unknown !== undefined)
    throw new Misuse('unknown-role', `There is no role "${unknown}"; known: ${roles.join(', ')}`)
  return asked as Role[]
}

/** NDJSON: one object per event on stdout. */
export function eventLog(screen: Screen): Log {
  return (level, message) => {
    if (level !== 'debug') printJson(screen, { time: new Date(), level, message })
  }
}
