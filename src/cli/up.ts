import { type App, type Role, roles, startEngine } from '../app/app.ts'
import { openLog } from '../app/log.ts'
import { Misuse } from '../core/failure.ts'
import type { Log } from '../core/log.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, resultLog, type Screen, screenLog } from './screen.ts'
import { halt, onStop } from './stop.ts'

/** `sluice up`: collects what is due, as long as it runs. */
export function up({ roles: named, ...options }: Common & { roles?: string }): Promise<ExitCode> {
  const wanted = rolesOf(named)
  return withApp({ ...options, logOf: options.json ? screenLog : resultLog }, async (app, screen) => {
    const log = screen.json ? eventLog(screen) : resultLog(screen, app.settings.log.level)
    for (const role of wanted) if (idle[role]) log('warn', idle[role])
    await run(
      app,
      { screen, log },
      [`Sluice is up (${wanted.join(', ')}) on ${app.store.where}. Stop with Ctrl-C.`],
      wanted,
    )
    log('info', 'Sluice has stopped.')
    return 0
  })
}

/** Greets, and runs the engine until the user stops it, who may do so while it still starts. */
export async function run(
  app: App,
  { screen, log }: { screen: Screen; log: Log },
  greeting: readonly string[],
  wanted: readonly Role[] = working,
): Promise<void> {
  const stopping = onStop(() => halt(starting), { grace: app.settings.grace, screen })
  for (const line of greeting) log('info', line)
  const starting = startEngine(app, log, wanted)
  try {
    await (await starting).done
  } finally {
    await halt(starting)
    stopping.end()
  }
}

/** The roles that have something to do in this version. */
const working: readonly Role[] = ['worker', 'scheduler']

const idle: Readonly<Partial<Record<Role, string>>> = {
  live: 'The role live has nothing to do: no connector has live streams yet.',
  api: 'The role api has nothing to do: there is no API yet.',
}

function rolesOf(named: string | undefined): readonly Role[] {
  if (named === undefined) return working
  const asked = named.split(',').map(role => role.trim())
  const unknown = asked.find(role => !(roles as readonly string[]).includes(role))
  if (unknown !== undefined)
    throw new Misuse('unknown-role', `There is no role "${unknown}"; known: ${roles.join(', ')}`)
  return asked as Role[]
}

/** NDJSON: one object per event on stdout. */
export function eventLog(screen: Screen): Log {
  const write = (line: string) => {
    const { time, level, message } = JSON.parse(line)
    printJson(screen, { time, level, message })
  }
  return openLog([{ least: 'info', format: 'json', write }, ...screen.files])
}
