import { statSync } from 'node:fs'
import { join } from 'node:path'
import { closest } from 'fastest-levenshtein'
import { type App, components, load, openApp } from '../app/app.ts'
import { builtIn } from '../app/connectors.ts'
import { install } from '../app/database.ts'
import { examineServer } from '../app/fitness.ts'
import { choosing, type Draft, draftFiles, type Wish, writeFiles } from '../app/founding.ts'
import { Misuse } from '../core/failure.ts'
import type { Common, ExitCode } from './command.ts'
import { askOne, askSecret, askSome, askText, canAsk } from './prompt.ts'
import { printJson, type Screen, screenLog, terminal } from './screen.ts'

type Options = Common & { yes?: boolean; connectors?: string; database?: string; force?: boolean }

/**
 * `sluice init`: makes a folder ready. What shall hold is tried first, with the files as they will be; they are written
 * when the store can be used, and then its tables are made.
 */
export async function init({ json = false, yes = false, force = false, ...given }: Options): Promise<ExitCode> {
  const screen = terminal(json)
  const [folder, env] = [process.cwd(), process.env]
  const wish = { ...(await wishOf(screen, given, yes || json)), force }
  const drafts = draftFiles(folder, env, wish)
  const texts = Object.fromEntries(drafts.map(({ name, text }) => [name, text]))
  const loaded = await load({ folder, env, texts })
  const { url, host } = loaded.settings.database
  refuseContradiction(wish, drafts, url ?? (host && `the server ${host}`))
  const app = await openApp(loaded, screenLog(screen, loaded.settings.log.level), 'never')
  try {
    const server = await examineServer(app)
    await writeFiles(folder, drafts)
    await install(app.store, components(app))
    report(screen, { folder, drafts, store: storeText(app, server) })
    return 0
  } finally {
    await app.close()
  }
}

type Answers = Omit<Wish, 'force'>

/** What the flags say; what they leave open is asked where somebody is there to answer. */
async function wishOf(screen: Screen, { connectors, database }: Options, silent: boolean): Promise<Answers> {
  const asks = !silent && canAsk()
  const chosen = namesOf(connectors) ?? (asks ? await askConnectors() : builtIn.map(({ name }) => name))
  const store = checked(database) ?? (asks ? await askDatabase() : undefined)
  if (!asks && !silent && connectors === undefined && database === undefined) {
    const taken = `connectors ${chosen.join(', ')}; database as the settings have it, otherwise embedded`
    screen.err(`[INFO] There is no terminal to ask on, so the defaults are taken: ${taken}.`)
  }
  return { connectors: builtIn.filter(({ name }) => chosen.includes(name)), database: store }
}

function namesOf(list: string | undefined): string[] | undefined {
  const names = list?.split(',').map(name => name.trim())
  const known = builtIn.map(({ name }) => name)
  const unknown = names?.find(name => !known.includes(name))
  if (unknown === undefined) return names
  const near = `did you mean "${closest(unknown, known)}"? Known: ${known.join(', ')}`
  throw new Misuse(
    'unknown-connector',
    `There is no connector "${unknown}"; ${near}. One of your own is named in sluice.yaml, under connectors`,
  )
}

const form = 'postgres://user:password@host:5432/name'

/** Nothing of what was given is repeated: it may hold a password. */
function checked(database: string | undefined): string | undefined {
  if (database === undefined || database === 'embedded' || isAddress(database)) return database
  throw new Misuse('bad-flag', `--database must be "embedded" or an address of the form ${form}`)
}

function isAddress(text: string): boolean {
  return /^postgres(ql)?:\/\/[^\s]+$/.test(text)
}

function askConnectors(): Promise<string[]> {
  const options = builtIn.map(({ name, title }) => ({ value: name, label: title }))
  return askSome('What shall be collected?', options)
}

async function askDatabase(): Promise<string> {
  const answer = await askOne('Where shall the data be kept?', [
    { value: 'embedded', label: 'in a PostgreSQL that Sluice brings and runs, in this folder' },
    { value: 'own', label: 'in a PostgreSQL of your own (15 or newer)' },
  ])
  if (answer === 'embedded') return answer
  const wrong = (text: string) => (isAddress(text) ? undefined : `It has the form ${form}`)
  const address = await askText('What is its address?', 'postgres://user@host:5432/name', wrong)
  if (/^[^@]*\/\/[^@/]*:[^@/]*@/.test(address) || !/\/\/[^@/]+@/.test(address)) return address
  const secret = await askSecret('And the password there? (empty: none)')
  return secret === '' ? address : address.replace('@', `:${encodeURIComponent(secret)}@`)
}

/** What was asked for and would not hold is told before anything is done. */
function refuseContradiction({ database, force }: Wish, drafts: readonly Draft[], effective: string | undefined): void {
  const wanted = database === 'embedded' ? undefined : database
  if (database === undefined || wanted === effective) return
  const inEnvironment = choosing.find(name => process.env[name])
  const { done } = drafts.find(({ name }) => name === 'sluice.yaml')!
  const where = inEnvironment
    ? `the environment sets ${inEnvironment}, which comes before every file; unset it`
    : `.env ${done === 'left' ? 'or sluice.yaml ' : ''}names another one already; change it there${force ? '' : ', or give --force'}`
  throw new Misuse('other-database', `The database that was asked for would not be used: ${where}. Nothing was written`)
}

function storeText({ database, store, home }: App, server: string): string {
  return database.embedded ? `embedded ${server} below ${home}` : `${server} at ${store.where}`
}

type Outcome = { folder: string; drafts: readonly Draft[]; store: string }

const next = [
  ['npx sluice up', 'collects from now on, until Ctrl-C'],
  ['npx sluice status', 'in another terminal: where everything stands'],
] as const

function report(screen: Screen, { folder, drafts, store }: Outcome): void {
  const files = drafts.map(({ name, done }) => ({ name, done }))
  if (screen.json) printJson(screen, { folder, files, store, next: next.map(([command]) => command) })
  else tell(screen, { folder, drafts, store })
}

function tell(screen: Screen, { folder, drafts, store }: Outcome): void {
  for (const draft of drafts) screen.out(`${draft.name.padEnd(12)} ${tale(draft)}`)
  if (isOpenToOthers(folder)) screen.err('[WARN] Others may read .env, which holds secrets; type: chmod 600 .env')
  screen.out(`The store is ready: ${store}.`)
  screen.out(['', 'Next:', ...next.map(([command, about]) => `  ${command.padEnd(20)}${about}`)].join('\n'))
}

const about: Readonly<Record<string, string>> = {
  'sluice.yaml': 'every setting, with its default',
  '.env': 'secrets, readable by you alone; keep a copy of SLUICE_SECRET_KEY in a safe place',
  '.gitignore': 'leaves .env and .sluice/ out of the repository',
}

function tale({ name, done }: Draft): string {
  if (name === 'sluice.yaml' && done === 'left') return 'left as it is; --force writes it anew'
  if (name === '.env' && done === 'extended')
    return 'extended: what was asked for and what it lacked; a key in it is kept'
  return done === 'left' ? 'left as it is' : `${done}: ${about[name]}`
}

function isOpenToOthers(folder: string): boolean {
  const found = statSync(join(folder, '.env'), { throwIfNoEntry: false })
  return found !== undefined && process.platform !== 'win32' && (found.mode & 0o077) !== 0
}
