import { z } from 'zod'
import type { Answer } from '../../src/core/ask.ts'
import type { Connector } from '../../src/core/connector.ts'
import { lines, shopWith } from './shop.ts'

/** What an author does wrong: how it is called, what they write, the check that names it, and what that says. */
export type Broken = { fault: string; connector: Connector; check: string; says: RegExp }

type Rows = { rows: unknown[]; next: number }
type Line = { price: string; quantity: number }

let asked = 0
const met: unknown[] = []

/** The seven ways to go wrong that every author must be told of. */
export const broken: readonly Broken[] = [
  {
    fault: 'a cursor that stays where it was',
    connector: shopWith({ parse: answer => ({ ...read(answer), next: { after: 0 } }) }),
    check: 'its pages lead to an end',
    says: /leads to itself.*"after":0[\s\S]*change +`next` must move with every page/,
  },
  {
    fault: 'money that is reckoned with floats',
    connector: shopWith({ row: (record, at) => ({ ...lines.row(record, at), price: product(record as Line) }) }),
    check: 'its numbers are the ones the vendor sent, however long they are',
    says: /"price" is a number that stands in the record\n +came +60\.300000000000004, which is not in .*"price":"20\.10"[\s\S]*are made in SQL/,
  },
  {
    fault: 'a key that two records share',
    connector: shopWith({ table: 'shop.orders', key: ['id'] }),
    check: 'its key tells records apart, and newer versions from older ones',
    says: /one record for the key {"id":1}.*\n +came +two different ones.*"line":1.*"line":2[\s\S]*add what tells them apart to `key`/,
  },
  {
    fault: 'an older record that overwrites a newer one',
    connector: shopWith({ newer: ['created'] }),
    check: 'pages that come late, twice or in another order come to the same rows',
    says: /an older record has overwritten a newer one: .*"ordered"[\s\S]*name in `newer` \(now created\)/,
  },
  {
    fault: 'garbage that is no BadPage',
    connector: shopWith({ parse: read }),
    check: 'garbage is a BadPage or a page, and no other error',
    says: /`parse` reads null as a page, or throws a BadPage\n +came +TypeError: Cannot destructure property 'rows'/,
  },
  {
    fault: 'a forgotten field that comes under another name',
    connector: shopWith({ forget: ['buyer'] }),
    check: 'what it forgets is nowhere',
    says: /nothing of buyer reaches shop\.lines\n +came +it is in raw\.delivery\.contact[\s\S]*name that in `forget` as well/,
  },
  {
    fault: 'a place in the journal that is kept in a variable',
    connector: shopWith({
      request: () => ({ path: '/lines', query: { after: asked, limit: 10 } }),
      parse: answer => {
        const page = read(answer)
        asked = page.next.after
        return page
      },
    }),
    check: 'its steps are pure: the same comes of the same, and nothing that is given is changed',
    says: /`request` gives the same again for the cursor \{"after":30\}: .*"after":30,.*\n +came +.*"after":37,[\s\S]*put it into the cursor/,
  },
  {
    fault: 'a column that is misspelt',
    connector: shopWith({ row: (record, at) => misspelt(lines.row(record, at)) }),
    check: 'every field of a row is a column of its table, and every value fits',
    says: /"prize", which it does not have: its value "20\.10" would be lost\n +change +did you mean "price"\?/,
  },
]

/** One for each of the other checks, so that it is seen to fail. */
export const worse: readonly Broken[] = [
  {
    fault: 'a cost that no limit has room for',
    connector: shopWith({ limit: { calls: 61 } }),
    check: 'names, limits, costs and steps are there',
    says: /a cost of 61 never fits the limit calls of 60 at once/,
  },
  {
    fault: 'SQL that the database refuses',
    connector: { ...shopWith(), migrations: `${import.meta.dirname}/refused` },
    check: 'its SQL makes an empty database ready, and does nothing the second time',
    says: /shop\/001_refused\.sql was refused by the database, line 2: type "numbr" does not exist/,
  },
  {
    fault: 'a fault() that takes every body for JSON',
    connector: { ...shopWith(), fault: ({ text }) => ({ kind: 'permanent', message: JSON.parse(text).message }) },
    check: 'fault() never throws, and knows a throttle and a refusal of credentials',
    says: /came +SyntaxError[\s\S]*the body with care/,
  },
  {
    fault: 'a throttle that is taken for a refusal',
    connector: { ...shopWith(), fault: () => ({ kind: 'permanent', message: 'no' }) },
    check: 'fault() never throws, and knows a throttle and a refusal of credentials',
    says: /429 with the body "" is "throttled"\n +came +"permanent"/,
  },
  {
    fault: 'a share that is more than all',
    connector: { ...shopWith(), limits: { calls: { kind: 'fixed', max: 5, every: '1m', share: 2, owner: 'egress' } } },
    check: 'two workers together keep its limits, and the vendor refuses neither',
    says: /at most 5 of "calls" at once or per 1m \(fixed\)\n +came +8, by two workers together/,
  },
  {
    fault: 'a table without comments, with floats, with times without a zone, and with another key',
    connector: shopWith({ table: 'shop.loose' }),
    check: 'its table has the key, the columns, the types and the comments it needs',
    says: /must be "not null"[\s\S]*the primary key \(id\) and key: \[id, line\][\s\S]*timestamp without time zone[\s\S]*and 3 more/,
  },
  {
    fault: 'a last page that waits',
    connector: shopWith({ parse: answer => ({ ...read(answer), wait: '1m' }) }),
    check: 'a page that waits is not the last, and a list has as many records as the vendor says',
    says: /wait: "1m", done: true[\s\S]*say done: false while the vendor needs time/,
  },
  {
    fault: 'a number that is read as a float',
    connector: shopWith({ row: (record, at) => ({ ...lines.row(record, at), price: Number((record as Line).price) }) }),
    check: 'its numbers are the ones the vendor sent, however long they are',
    says: /"price" holds the 27 digits of 98765\d+\.7\n +came +9\.8\d+e\+25 \(a number\)[\s\S]*no Number\(\)/,
  },
  {
    fault: 'an answer that is changed',
    connector: shopWith({ parse: answer => ({ ...read(answer), records: (answer.json as Rows).rows.reverse() }) }),
    check: 'its steps are pure: the same comes of the same, and nothing that is given is changed',
    says: /`parse` leaves what it is given as it is\n +came +TypeError: Cannot assign to read only property[\s\S]*make a copy/,
  },
  {
    fault: 'a row that reads more of a record than its schema has looked at',
    connector: shopWith({
      record: z.object({ id: z.int() }).loose(),
      row: record => ({ state: (record as Line).price.trim() }),
    }),
    check: 'a broken record is refused by its schema, and row() never throws',
    says: /`row` threw TypeError: Cannot read properties of undefined \(reading 'trim'\)/,
  },
  {
    fault: 'pages that are counted in a variable',
    connector: shopWith({
      start: () => {
        asked = 0
        return { after: 0 }
      },
      parse: answer => ({ ...read(answer), done: ++asked === 4 }),
    }),
    check: 'stopped after any page and gone on with by another worker, it comes to the same rows',
    says: /stopped after page 2 and gone on with, holds the same rows\n +came +.*leads to itself\n +change +everything a page needs/,
  },
  {
    fault: 'a row that is another one each time',
    connector: shopWith({ row: (record, at) => ({ ...lines.row(record, at), state: String(met.push(record)) }) }),
    check: 'collected a second time, it brings nothing new',
    says: /collected again from the beginning, is as it was\n +came +28 rows in place of 28/,
  },
  {
    fault: 'records that are kept',
    connector: shopWith({
      row: (record, at) => ({ ...lines.row(record, at), state: met.push({ record }) > 0 ? 'kept' : '' }),
    }),
    check: 'memory stays flat, however many records go through it',
    says: /the heap grows by less than 8 MB over 200000 records of lines\n +came +\d+\.\d MB/,
  },
]

/** What the answer holds, taken on trust. */
function read({ json }: Answer) {
  const { rows, next } = json as Rows
  return { records: rows, next: { after: next }, done: rows.length < 10 }
}

function product({ price, quantity }: Line): number {
  return Number(price) * quantity
}

function misspelt({ price, ...row }: Record<string, unknown>) {
  return { ...row, prize: price }
}
