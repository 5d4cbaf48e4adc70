import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { connector as acme } from '../../test/fixtures/acme/index.ts'
import { connectors } from '../connectors/index.ts'
import { outline } from './outline.ts'
import { any, optionsOf, settingsSchema } from './schema.ts'

test('every setting but those of one account is there, with the value it has anyway, and what it is for', () => {
  const all = [...connectors, acme]
  const schema = settingsSchema(all)
  const text = outline(all)
  const said: unknown = parse(text.replace(/^( *)# /gm, '$1'))
  for (const { path, about, env } of optionsOf(schema).filter(option => !option.path.includes(any))) {
    const value = path.reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], said)
    expect(value, path.join('.')).toBeDefined()
    if (about) expect(text).toContain(`## ${about}`)
    if (env) expect(text).toContain(`(${env})`)
  }
  const given = JSON.parse(JSON.stringify(said), (_, value) => value ?? undefined)
  expect(schema.parse(given)).toEqual(schema.parse({}))
})

test('as it is written it says nothing, and only of those connectors that were asked for', () => {
  expect(parse(outline([acme]))).toEqual({
    database: null,
    log: null,
    redis: null,
    acme: { limits: null, orders: null },
  })
})
