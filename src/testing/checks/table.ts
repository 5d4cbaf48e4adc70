import { isRanged, type PullStream } from '../../core/stream.ts'
import type { Catalogued } from '../../db/catalogue.ts'
import { encoderOf } from '../../db/column.ts'
import type { Shown } from '../check.ts'
import type { Flaw } from '../flaw.ts'
import { slicesOf } from '../ground.ts'
import { showError } from '../show.ts'

/** The table is as the stream says, and holds what it holds exactly. */
export const table: Shown = {
  says: 'its table has the key, the columns, the types and the comments it needs',
  sight: ({ stream, table, mismatch }, kit) => {
    const expected = `the table ${stream.table}`
    if (!table)
      return [{ expected, came: 'there is none', change: 'make it in migrations/001_….sql, or correct `table`' }]
    const fields = slicesOf(kit.source(stream)).flatMap(({ part }) => Object.keys(part))
    return [
      ...(mismatch
        ? [{ expected, came: showError(mismatch), change: 'mend the SQL, or `key` and `newer` of the stream' }]
        : []),
      ...keyFlaws(stream, table),
      ...partFlaws(stream, table, [...new Set(fields)]),
      ...timeFlaws(stream, table),
      ...table.columns.flatMap(column => [...typeFlaws(stream, column), ...moneyFlaws(stream, table, column)]),
      ...commentFlaws(stream, table),
    ]
  },
}

type Column = Catalogued['columns'][number]

function keyFlaws({ table, key }: PullStream, { key: primary }: Catalogued): Flaw[] {
  if (key.toSorted().join() === primary.toSorted().join()) return []
  const came = `the primary key (${primary.join(', ')}) and key: [${key.join(', ')}]`
  const change = 'let `primary key (…)` in the SQL and `key` in the stream name the same columns'
  return [{ expected: `the key of the stream is the primary key of ${table}`, came, change }]
}

/** Rows of a part are counted by the columns that are named like its fields. */
function partFlaws({ table }: PullStream, { columns }: Catalogued, fields: readonly string[]): Flaw[] {
  const lacking = fields.filter(field => !columns.some(({ name }) => name === field))
  return lacking.map(field => ({
    expected: `a column "${field}" in ${table}, as the parts of the stream have a field "${field}"`,
    came: `columns ${columns.map(({ name }) => name).join(', ')}`,
    change: `add the column, and put the field into the row: ({ ...part, … })`,
  }))
}

function timeFlaws(stream: PullStream, { columns }: Catalogued): Flaw[] {
  if (!isRanged(stream)) return []
  const column = columns.find(({ name }) => name === stream.time)
  if (column?.type === 'bigint') return []
  const came = column ? `${stream.time} ${column.type}` : 'no such column'
  return [
    {
      expected: `${stream.table}.${stream.time}, the record's own time, is bigint (epoch ms)`,
      came,
      change: 'make the column bigint and put epoch milliseconds into it; a timestamptz beside it is for people',
    },
  ]
}

const floats = ['real', 'double precision']

function typeFlaws({ table }: PullStream, { name, type }: Column): Flaw[] {
  const expected = `${table}.${name} holds its values exactly`
  if (floats.includes(type)) return [{ expected, came: type, change: 'make it numeric(…), which rounds nothing' }]
  if (type.startsWith('timestamp') && type.endsWith('without time zone')) {
    return [{ expected, came: type, change: 'make it timestamptz: an instant, whatever zone the reader lives in' }]
  }
  if (encoderOf(type)) return []
  const change = 'use smallint, integer, bigint, numeric, text, boolean, timestamptz or jsonb'
  return [{ expected: `${table}.${name} is of a type that Sluice writes`, came: type, change }]
}

const money = /(^|_)(price|amount|cost|sum|total|fee|payout|payment|commission|revenue|profit|balance|discount)s?(_|$)/
const currency = /(^|_)currency(_|$)/

function moneyFlaws({ table }: PullStream, { columns }: Catalogued, { name, type, comment }: Column): Flaw[] {
  const isMoney = type.startsWith('numeric') && money.test(name)
  if (!isMoney || columns.some(each => currency.test(each.name)) || /currency|no money/i.test(comment ?? '')) return []
  const change =
    'add a column `currency`, or say in the comment of the column which currency it is, or that it is no money'
  return [{ expected: `${table}.${name} has a currency beside it`, came: 'no column and no comment tells it', change }]
}

function commentFlaws({ table }: PullStream, { comment, columns }: Catalogued): Flaw[] {
  const mute = columns.filter(column => !column.comment).map(({ name }) => name)
  const lacking = [...(comment ? [] : ['the table itself']), ...mute]
  if (lacking.length === 0) return []
  const change = `write: comment on column ${table}.${mute[0] ?? '…'} is '…', with its unit`
  return [
    {
      expected: `${table} and each of its columns say what they are`,
      came: `no comment on ${lacking.join(', ')}`,
      change,
    },
  ]
}
