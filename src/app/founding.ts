import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Connector } from '../core/connector.ts'
import { valueIn, without, withValue } from './dotenv.ts'
import { readText, writeFile } from './file.ts'
import { outline } from './outline.ts'

/** What somebody wants of a folder. `database` is `embedded` or an address; without it, whatever the settings say holds. */
export type Wish = { connectors: readonly Connector[]; database?: string | undefined; force: boolean }

/** A file of the folder as it shall be. One that is `left` is there already, and is not written. */
export type Draft = { name: string; text: string; mode: 0o600 | 0o644; done: 'made' | 'extended' | 'replaced' | 'left' }

type Env = Readonly<Record<string, string | undefined>>

/** The variables that choose a server of the user's own. */
export const choosing = ['DATABASE_URL', 'DB_HOST'] as const

/**
 * What would be written into a folder, each file with its whole text; nothing is written yet. What exists is only added
 * to; with `force` sluice.yaml is begun anew and what chooses the database is changed. A secret key is never replaced.
 */
export function draftFiles(folder: string, env: Env, wish: Wish): Draft[] {
  const ignored = isRepository(folder) || existsSync(join(folder, '.gitignore'))
  return [draftYaml(folder, wish), draftEnv(folder, env, wish), ...(ignored ? [draftIgnore(folder)] : [])]
}

/** Writes what is not there yet. */
export async function writeFiles(folder: string, drafts: readonly Draft[]): Promise<void> {
  for (const { name, text, mode, done } of drafts) {
    if (done !== 'left') await writeFile(join(folder, name), text, mode)
  }
}

function draftYaml(folder: string, { connectors, force }: Wish): Draft {
  const old = readText(join(folder, 'sluice.yaml'))
  const file = { name: 'sluice.yaml', mode: 0o644 } as const
  if (old !== undefined && !force) return { ...file, text: old, done: 'left' }
  return { ...file, text: outline(connectors), done: old === undefined ? 'made' : 'replaced' }
}

const warning = `# Secrets of this folder: nobody else may read them. SLUICE_SECRET_KEY encrypts the stored credentials. Whoever loses it has
# to enter them all again, so keep a copy of it in a safe place, apart from the backups of the database.
`

function draftEnv(folder: string, env: Env, { database, force }: Wish): Draft {
  const old = readText(join(folder, '.env'))
  const isKeyed = ['SLUICE_SECRET_KEY', 'SECRET_KEY'].some(name => env[name] || valueIn(old ?? '', name))
  const keyed = isKeyed ? (old ?? warning) : withValue(old ?? warning, 'SLUICE_SECRET_KEY', newKey())
  const text = chosen(keyed, env, database, force)
  const changed = old === undefined ? 'made' : 'extended'
  return { name: '.env', text, mode: 0o600, done: text === (old ?? warning) ? 'left' : changed }
}

/** 32 random bytes, base64url. */
function newKey(): string {
  return randomBytes(32).toString('base64url')
}

/** The text with the database chosen. What chooses another one already is changed by force only. */
function chosen(text: string, env: Env, database: string | undefined, force: boolean): string {
  if (database === undefined) return text
  if (database === 'embedded') return force ? choosing.reduce(without, text) : text
  const isOpen = force || choosing.every(name => valueIn(text, name) === undefined)
  return isOpen && env.DATABASE_URL !== database ? withValue(text, 'DATABASE_URL', database) : text
}

/** What no repository may hold, and the ways a .gitignore may say so already. */
const secret = { '.env': /^\/?\.env\*?$/, '.sluice/': /^\/?\.sluice\/?$/ }

function draftIgnore(folder: string): Draft {
  const old = readText(join(folder, '.gitignore'))
  const lines = (old ?? '').split(/\r?\n/).map(line => line.trim())
  const lacking = Object.entries(secret).filter(([, known]) => !lines.some(line => known.test(line)))
  const before = old === undefined || old === '' || old.endsWith('\n') ? (old ?? '') : `${old}\n`
  const text = before + lacking.map(([name]) => `${name}\n`).join('')
  const done = old === undefined ? 'made' : 'extended'
  return { name: '.gitignore', text, mode: 0o644, done: lacking.length === 0 ? 'left' : done }
}

/** A folder inside of a repository belongs to it. */
function isRepository(folder: string): boolean {
  return existsSync(join(folder, '.git')) || (dirname(folder) !== folder && isRepository(dirname(folder)))
}
