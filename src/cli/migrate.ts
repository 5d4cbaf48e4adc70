import { components } from '../app/app.ts'
import { install } from '../app/database.ts'
import { pending } from '../db/migrations.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson } from './screen.ts'

/** `sluice migrate`: brings the tables up to this version; with --dry-run it only says what it would do. */
export function migrate({ dryRun = false, ...options }: Common & { dryRun?: boolean }): Promise<ExitCode> {
  return withApp({ ...options, prepared: 'never' }, async (app, screen) => {
    const { store } = app
    const names = dryRun
      ? (await pending(store, components(app))).map(({ component, name }) => `${component}/${name}`)
      : await install(store, components(app))
    if (screen.json) printJson(screen, { dryRun, migrations: names })
    else if (names.length === 0) screen.out(`The tables at ${store.where} are current.`)
    else screen.out(`${dryRun ? 'Would apply' : 'Applied'} to ${store.where}: ${names.join(', ')}`)
    return 0
  })
}
