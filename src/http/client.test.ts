import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { exponential } from '../core/retry.ts'
import { type ClientSettings, client } from './client.ts'
import type { Note } from './observe.ts'
import { transport } from './transport.ts'

const closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A vendor on a port that answers with these one after the other, and a client that writes down what happens. */
async function setup(answers: RequestListener[], settings: Partial<ClientSettings> = {}) {
  const server = createServer((request, response) => (answers.shift() ?? fine)(request, response))
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const wire = transport({ maxBytes: 100_000 })
  closers.push(
    () => wire.close(),
    async () => server.close(),
  )

  const notes: Note[] = []
  const log: string[] = []
  let now = Date.parse('2026-03-01T12:00:00Z')
  const fetch = client({
    ...{ connector: 'acme', account: 'main', stream: 'orders', userAgent: 'sluice/1.0.0', expects: 'json' },
    fetch: wire.fetch,
    retries: exponential({ retries: 2, base: '1s' }),
    note: note => notes.push(note),
    clock: {
      now: async () => new Date(now),
      until: async moment => {
        now = moment.getTime()
      },
      pass: async length => {
        now += length
      },
    },
    gate: {
      acquire: async () => void log.push('acquire'),
      learn: async ({ status, headers }) => void log.push(`learn ${status} ${headers.get('x-used')}`),
      close: async (_, reason) => void log.push(`close ${reason}`),
      failed: async () => void log.push('failed'),
      answered: async () => void log.push('answered'),
    },
    ...settings,
  })
  return { fetch, notes, log, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const json = { 'content-type': 'application/json', 'x-used': '5' }
const fine: RequestListener = (_, response) => response.writeHead(200, json).end('{"ok":true}')
const cut: RequestListener = ({ socket }) => socket.resetAndDestroy()

test('every try pays, is noted and teaches the gate by itself', async () => {
  const broken: RequestListener = (_, response) => response.writeHead(503, json).end('{}')
  const { fetch, notes, log, base } = await setup([broken, cut])
  expect(await (await fetch(new Request(`${base}/v1`))).json()).toEqual({ ok: true })
  expect(log).toEqual(['acquire', 'learn 503 5', 'failed', 'acquire', 'failed', 'acquire', 'learn 200 5', 'answered'])
  expect(notes).toMatchObject([{ status: 503 }, { code: 'vendor-cut' }, { status: 200, bytes: 11 }])
})

test('a throttle is learnt from, closes the gate and is not tried again', async () => {
  const { fetch, log, base } = await setup([(_, response) => response.writeHead(429, json).end('{"code":8}')])
  await expect(fetch(new Request(`${base}/v1`))).rejects.toMatchObject({
    name: 'Throttled',
    bucket: 'acme/main/orders',
  })
  const reason = `acme/main/orders: 429 Too Many Requests`
  expect(log).toEqual(['acquire', 'learn 429 5', `close ${reason}`, 'answered'])
})

test('a web page in place of an answer is tried again, and told after the last try', async () => {
  const page: RequestListener = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hold on</h1>')
  const { fetch, notes, base } = await setup([page, page, page])
  await expect(fetch(new Request(`${base}/v1`))).rejects.toThrow(
    /with text\/html in place of json: "<h1>Hold on<\/h1>" \(after 3 tries\)$/,
  )
  expect(notes).toHaveLength(3)
})

const secrets = [
  's3cretBearer',
  's3cretApiKey',
  's3cretSignature',
  's3cretGiven',
  's3cretUser',
  's3cretPassword',
  's3cretFresh',
]

/** A vendor with bad manners: it repeats all we sent, and adds secrets of its own. */
const indiscreet =
  (status: number, type: string): RequestListener =>
  (request, response) => {
    const location = `http://s3cretUser:s3cretPassword@${request.headers.host}${request.url}&token=s3cretFresh`
    const headers = { ...json, 'content-type': type, location, 'trace-id': String(request.headers['x-api-key']) }
    const echo = {
      headers: request.headers,
      url: request.url,
      access_token: 's3cretFresh',
      raw: request.rawHeaders.join(' '),
    }
    response.writeHead(status, `No ${request.headers.authorization}`, headers).end(JSON.stringify(echo))
  }

const disasters: [string, RequestListener][] = [
  ...[302, 400, 401, 429, 500].map((status): [string, RequestListener] => [
    `a ${status}`,
    indiscreet(status, 'application/json'),
  ]),
  ['a wrong type', indiscreet(200, 'text/html; token=s3cretFresh')],
  ['a reset', cut],
  ['no HTTP', ({ socket, headers }) => socket.end(`${headers.authorization} ${headers['x-api-key']}\r\n\r\n`)],
  ['a success', fine],
]

const shown = { authorization: 'Bearer s3cretBearer', 'x-api-key': 's3cretApiKey' }
const manners = [
  ['fixed', shown],
  ['asked for', async () => shown],
] as const

test.each(
  disasters.flatMap(([name, answer]) => manners.map(([manner, headers]) => [name, manner, answer, headers] as const)),
)('no secret is told by %s, where headers are %s', async (_, __, answer, headers) => {
  const { fetch, notes, log, base } = await setup([answer, answer, answer], {
    headers,
    secretNames: ['owner'],
    fault: ({ status, text }) => (status === 400 ? { kind: 'permanent', message: text } : undefined),
  })
  const url = `${base}/v1?symbol=BTC&signature=s3cretSignature&owner=s3cretGiven`
  const error = await fetch(new Request(url)).then(
    () => undefined,
    error => error,
  )
  const told = inspect({ error, notes, log, fields: { ...error } }, { depth: 9 })
  expect(notes.length).toBeGreaterThan(0)
  expect(notes[0]?.url).toBe(`${base}/v1?symbol=BTC&signature=***&owner=***`)
  for (const secret of secrets) expect(told).not.toContain(secret)
})

test('a client without a host says so on behalf of whom it asked', async () => {
  const { fetch } = await setup([])
  const answer = fetch(new Request('http://no-such-host.invalid/?key=s3cretApiKey'))
  await expect(answer).rejects.toThrow(
    /^acme\/main\/orders: the name no-such-host\.invalid is not known to DNS.*\(after 3 tries\)$/,
  )
})
