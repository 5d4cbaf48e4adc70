import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { any, optionsOf, settingsSchema } from '../src/app/schema.ts'
import { programOf } from '../src/cli/program.ts'
import { connectors } from '../src/connectors/index.ts'
import { setupDatabase } from './setup/database.ts'

const root = join(import.meta.dirname, '..')

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

/** The sections of a page by their headings; a section ends where the next heading of any level begins. */
function sections(markdown: string): Map<string, string> {
  const pieces = markdown.split(/^#+ /m).slice(1)
  return new Map(pieces.map(piece => [piece.slice(0, piece.indexOf('\n')).trim(), piece]))
}

/** The rows of the tables of a page by what stands between backticks in their first cell. */
function rows(markdown: string): Map<string, string> {
  const found = markdown.matchAll(/^\| `([^`]+)` *\|.*$/gm)
  return new Map([...found].map(([row, name]) => [name!, row.replace(/ +/g, ' ')]))
}

/** The commands the program has, those of a group behind it (`accounts`, `accounts add`), and what each says of itself. */
function commandsOf(program: Command, group = ''): [name: string, help: string][] {
  return program.commands.flatMap(command => {
    const name = `${group}${command.name()}`
    return [[name, command.helpInformation()], ...commandsOf(command, `${name} `)]
  })
}

function flagsIn(text: string): string[] {
  return [...new Set([...text.matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag))].filter(flag => flag !== '--help')
}

describe('docs/cli.md', () => {
  it('has a section for every command, with exactly its flags', () => {
    const page = sections(read('docs/cli.md'))
    const known = commandsOf(programOf({ connectors, isBroken: false }, () => undefined))
    expect(known.length).toBeGreaterThan(5)
    const titles = [...page.keys()].filter(title => title.startsWith('sluice '))
    expect(titles).toEqual(known.map(([name]) => `sluice ${name}`))
    for (const [name, help] of known) {
      const documented = [...rows(page.get(`sluice ${name}`)!).keys()].flatMap(flagsIn)
      expect(documented.toSorted(), name).toEqual(flagsIn(help).toSorted())
    }
  })
})

describe('docs/configuration.md', () => {
  const schema = settingsSchema(connectors)
  /** What an account can have of its own is documented once, where it is set for all. */
  const settings = optionsOf(schema).filter(({ path }) => !path.includes(any))
  const defaults: unknown = schema.parse({})
  const table = rows(read('docs/configuration.md'))

  it('has a row for every setting, with its variable and its default', () => {
    expect(settings.length).toBeGreaterThan(10)
    for (const { path, env } of settings) {
      const row = table.get(path.join('.'))
      expect(row, `a row for ${path.join('.')}`).toBeDefined()
      if (env) expect(row).toContain(`| \`${env}\` |`)
      expect(row).toContain(`| ${defaultText(path)} |`)
    }
  })

  it('has no row for a setting that does not exist', () => {
    const paths = settings.map(({ path }) => path.join('.'))
    const dotted = [...table.keys()].filter(name => /^[a-z_.]+$/.test(name))
    expect(dotted.filter(name => !paths.includes(name))).toEqual([])
  })

  it('says of every variable of the original service whether it is honoured', () => {
    const promised = `DB_HOST DB_PORT DB_NAME DB_USER DB_PASSWORD REDIS_HOST REDIS_PORT BINANCE_BASE_URL SYMBOLS START_DATE
      INTERVAL BATCH_SIZE RETRY_DELAY MAX_RETRIES REALTIME_INTERVAL ORDERBOOK_LEVELS ORDERBOOK_UPDATE_INTERVAL
      ORDERBOOK_RETRY_DELAY ORDERBOOK_MAX_RETRIES`
    const page = read('docs/configuration.md')
    expect(promised.split(/\s+/).filter(name => !page.includes(`\`${name}\``))).toEqual([])
  })

  function defaultText(path: readonly string[]): string {
    const value = path.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)?.[name], defaults)
    if (value === undefined) return 'none'
    if (value === '') return 'empty'
    if (Array.isArray(value) && value.length === 0) return 'none'
    if (value instanceof Date) return `\`${value.toISOString().slice(0, 10)}\``
    return `\`${Array.isArray(value) ? value.join(',') : value}\``
  }
})

describe('docs/errors.md', () => {
  const files = globSync('src/**/*.ts', { cwd: root }).filter(file => !/\.test\.ts$|\/sim\/|\/fixtures\//.test(file))
  const used = new Set(files.flatMap(codesIn))

  it('has a row for every code that the program uses, and no other', () => {
    expect(used.size).toBeGreaterThan(40)
    expect([...rows(read('docs/errors.md')).keys()].toSorted()).toEqual([...used].toSorted())
  })

  /** Codes stand first in a Failure, also as a choice of two; the engine gives some to runs and alerts without one. */
  function codesIn(file: string): string[] {
    const source = read(file)
    const firsts =
      /(?:new (?:Misuse|Transient|BadPage|StoreAway|Rejected|AuthError|Paused)|super|\bsay)\(\s*([^,()]+),/g
    const given = file.includes('engine') ? source.matchAll(/\bcode: ('[a-z-]+')/g) : []
    return [...source.matchAll(firsts), ...given].flatMap(([, text]) => literalsIn(text!))
  }

  function literalsIn(text: string): string[] {
    return [...text.matchAll(/'([a-z]+(?:-[a-z]+)*)'/g)].map(([, code]) => code!)
  }
})

describe('docs/data.md', () => {
  it('has a section for every table and view, with a row for each of its columns', async () => {
    const { store } = await setupDatabase()
    const columns = await store.query<{ name: string; column: string }>(
      `select n.nspname || '.' || c.relname as name, a.attname as column
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where n.nspname = any($1::text[]) and c.relkind in ('r', 'p', 'v') and not c.relispartition
         and a.attnum > 0 and not a.attisdropped order by 1, a.attnum`,
      [['sluice', 'inventory', ...connectors.map(({ name }) => name)]],
    )
    const page = sections(read('docs/data.md'))
    for (const [name, its] of Map.groupBy(columns, each => each.name)) {
      expect(page.has(name), `a section for ${name}`).toBe(true)
      expect([...rows(page.get(name)!).keys()], name).toEqual(its.map(({ column }) => column))
    }
  })
})

describe('README.md', () => {
  it('gives the newcomer two command lines', () => {
    const lines = read('README.md').split('\n')
    expect(lines).toContain('npm ci && npm run demo')
    expect(lines).toContain('npm ci && npm test')
  })
})

describe('ARCHITECTURE.md', () => {
  it('names for every step of the walk a function that its file has', () => {
    const steps = [...read('ARCHITECTURE.md').matchAll(/^\| `(src\/[^`]+)` *\| `(\w+)\(\)` *\|/gm)]
    expect(steps.length).toBeGreaterThan(25)
    const wrong = steps.filter(
      ([, file, name]) => !new RegExp(`\\bfunction ${name}\\b|^ *${name}: `, 'm').test(read(file!)),
    )
    expect(wrong.map(([row]) => row)).toEqual([])
  })
})

describe('every page', () => {
  const pages = globSync('**/*.md', { cwd: root, exclude: name => /^(node_modules|dist|\..+)$/.test(name) })

  it('leads only to files and headings that exist', () => {
    expect(pages.length).toBeGreaterThan(10)
    expect(pages.flatMap(deadLinks)).toEqual([])
  })

  it('names no test and no source file that does not exist', () => {
    const told = pages.flatMap(page =>
      [...read(page).matchAll(/`((?:src|test|bench)\/[\w./-]+\.(?:ts|sql))`/g)].map(([, file]) => `${page}: ${file}`),
    )
    expect(told.filter(line => !existsSync(join(root, line.split(': ')[1]!)))).toEqual([])
  })

  function deadLinks(page: string): string[] {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!)
    return links.filter(link => !/^[a-z]+:/.test(link) && !leadsSomewhere(page, link)).map(link => `${page}: ${link}`)
  }

  function leadsSomewhere(page: string, link: string): boolean {
    const [path = '', heading] = link.split('#')
    const target = path === '' ? join(root, page) : join(root, dirname(page), path)
    if (relative(root, target).startsWith('..') || !existsSync(target)) return false
    if (heading === undefined) return true
    return statSync(target).isFile() && headingsOf(readFileSync(target, 'utf8')).includes(heading)
  }

  /** Headings as a repository's pages name them in addresses. */
  function headingsOf(markdown: string): string[] {
    const titles = [...sections(markdown.replace(/^```[\s\S]*?^```/gm, '')).keys()]
    return titles.map(title =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    )
  }
})
