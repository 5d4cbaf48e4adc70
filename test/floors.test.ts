import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { brokenHouse, readHouse } from './floors/house.ts'
import { laws } from './floors/laws.ts'

const root = join(import.meta.dirname, '..')
const ours = readHouse(root)
const broken = readHouse(join(root, brokenHouse))

/** What is wrong in the broken house, law by law. What it does rightly must not appear. */
const breaches: Record<string, string[]> = {
  'every file in src belongs to a room that has its floor': ['src/attic/box.ts'],
  'the face for authors of connectors shows core and zod, and nobody in the house looks at it': [
    'src/cli/demo.ts:1 imports src/index.ts',
    'src/index.ts:3 imports src/db/row.ts',
  ],
  'imports run downwards only': [
    'src/app/app.ts:3 imports src/cli/main.ts',
    'src/core/rule.ts:3 imports src/db/row.ts',
  ],
  'rooms of one floor do not import each other': [
    'src/api/serve.ts:1 imports src/engine/run.ts',
    'src/connectors/acme/index.ts:1 imports src/http/wire.ts',
    'src/engine/run.ts:1 imports src/api/serve.ts',
    'src/http/wire.ts:2 imports src/db/row.ts',
    'src/models/stock.ts:2 imports src/redis/bell.ts',
  ],
  'a vendor is known to the list of connectors only, and engine and api know no connector': [
    'src/app/app.ts:1 imports src/connectors/bravo/index.ts',
    'src/connectors/acme/index.ts:3 imports src/connectors/bravo/index.ts',
    'src/engine/run.ts:2 imports src/connectors/index.ts',
  ],
  'connectors import core and their own folder, and nothing else of the house': [
    'src/connectors/acme/index.ts:1 imports src/http/wire.ts',
    'src/connectors/acme/index.ts:2 imports src/sim/world.ts',
  ],
  'sim imports nothing of the house, and only demo, tests and benchmarks import sim': [
    'src/cli/main.ts:2 imports src/sim/world.ts',
    'src/connectors/acme/index.ts:2 imports src/sim/world.ts',
    'src/sim/world.ts:1 imports src/core/rule.ts',
  ],
  'core is made of zod and big.js alone': ['src/core/rule.ts:1 imports node:fs'],
  'core and connectors have no clock, no timer and no network': ['src/core/rule.ts:7 Date.now()'],
  'no files import each other in a circle': [
    'src/api/serve.ts -> src/engine/run.ts -> src/api/serve.ts',
    'src/app/app.ts -> src/cli/main.ts -> src/app/app.ts',
    'src/app/circle.ts -> src/app/knot.ts -> src/app/loop.ts -> src/app/circle.ts',
  ],
  'one file knows the queue library, one the HTTP library, one the Redis client': [
    'src/http/wire.ts:1 imports undici',
    'src/http/wires.ts:1 imports undici',
  ],
  'SQL is written in db and models only': ["src/engine/run.ts:4 update runs set state = 'done' where name = …"],
  'core, engine, api, db and http name no vendor': [
    'src/db/migrations/001_row.sql:1 create table ozon_row (path text primary key);',
    'src/db/row.ts:1 /** A candle of Binance, for instance. SQL is at home here. */',
  ],
  'a file and a folder bear the name of what they hold': ['src/engine/job.service.ts', 'src/engine/utils/text.ts'],
  'in src a name is one lower-case word': ['src/engine/job.service.ts', 'src/http/Long.ts'],
  'nothing is exported as default': ['src/cli/demo.ts'],
  'no file is longer than 250 lines, tests aside': ['src/http/Long.ts has 251'],
}

describe.each(laws)('$name', law => {
  it('holds in this house', () => {
    expect(law.breaches(ours)).toEqual([])
  })

  it('is seen to be broken in a house that breaks it', () => {
    expect(law.breaches(broken).toSorted()).toEqual(breaches[law.name])
  })
})

describe('the houses', () => {
  it('are read as they stand: imports of every kind, texts and templates, tests told apart', () => {
    expect(ours.files.length).toBeGreaterThan(100)
    expect(new Set(ours.files.map(({ path }) => path.split('/')[1]))).toContain('engine')
    const [app, help] = ['src/app/app.ts', 'src/cli/help.test.ts'].map(path =>
      broken.files.find(file => file.path === path),
    )
    expect(app?.imports.map(({ text }) => text)).toEqual(['src/connectors/bravo/index.ts', 'src/cli/main.ts'])
    expect(help).toMatchObject({ isTest: true, strings: [{ line: 3, text: 'select now()' }] })
  })
})
