import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AuthError, BadPage, type Failure, Transient } from '../core/failure.ts'
import { type Transport, transport } from './transport.ts'

type Route = (request: IncomingMessage, response: ServerResponse) => void

const rows = JSON.stringify(Array.from({ length: 4000 }, (_, id) => ({ id, name: `товар ${id}` })))

let routes: Record<string, Route>
let server: ReturnType<typeof createServer>
let base: string
let sockets: number
let wire: Transport

beforeEach(async () => {
  routes = {}
  sockets = 0
  server = createServer((request, response) => routes[request.url ?? '']?.(request, response))
  server.on('connection', () => sockets++)
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  wire = transport({ maxBytes: 1_000_000 })
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise(done => server.close(done))
  await wire.close()
})

const get = (path: string, init?: RequestInit, options?: { deadline: number }) =>
  wire.fetch(new Request(base + path, init), options)

/** The failure it must end with. */
async function failure(answer: Promise<Response>): Promise<Failure> {
  const error = await answer.then(
    () => undefined,
    error => error,
  )
  expect(error, 'it should have failed').toBeInstanceOf(Error)
  return error
}

test('an answer comes back with its status, headers and whole body', async () => {
  routes['/'] = (_, response) => response.writeHead(201, 'Made', { 'x-weight': '5' }).end(rows)
  const response = await get('/')
  expect([response.status, response.statusText, response.headers.get('x-weight')]).toEqual([201, 'Made', '5'])
  expect(await response.text()).toBe(rows)
})

test('a question arrives with its method, headers and body', async () => {
  routes['/'] = (request, response) => {
    response.setHeader('x-seen', `${request.method} ${request.headers['content-type']} ${request.headers['x-own']}`)
    request.pipe(response)
  }
  const headers = { 'content-type': 'application/json', 'x-own': 'yes' }
  const response = await get('/', { method: 'POST', headers, body: '{"name":"товар"}' })
  expect(response.headers.get('x-seen')).toBe('POST application/json yes')
  expect(await response.json()).toEqual({ name: 'товар' })
})

const encodings = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync }

test.each(Object.entries(encodings))(
  'a body in %s is decompressed, and its headers tell its new length',
  async (encoding, compress) => {
    routes['/'] = (_, response) => response.setHeader('content-encoding', encoding).end(compress(rows))
    const response = await get('/')
    expect(response.headers.get('content-encoding')).toBeNull()
    expect(response.headers.get('content-length')).toBe(String(Buffer.byteLength(rows)))
    expect(await response.text()).toBe(rows)
  },
)

test.each(Object.entries(encodings))('a body in %s that ends too early is a cut answer', async (encoding, compress) => {
  const body = compress(rows)
  routes['/'] = (_, response) => response.setHeader('content-encoding', encoding).end(body.subarray(0, body.length - 9))
  expect(await failure(get('/'))).toMatchObject({ name: 'Transient', code: 'vendor-cut' })
})

test.each(['gzip', 'br', 'zstd'])('a body that is not in %s although it says so is garbled', async encoding => {
  routes['/'] = (_, response) => response.setHeader('content-encoding', encoding).end(Buffer.alloc(64, 0xff))
  expect(await failure(get('/'))).toMatchObject({ name: 'Transient', code: 'vendor-garbled' })
})

test('an encoding nobody knows is garbled', async () => {
  routes['/'] = (_, response) => response.setHeader('content-encoding', 'rot13').end('uryyb')
  expect(await failure(get('/'))).toMatchObject({ code: 'vendor-garbled' })
})

test('an empty answer that claims to be compressed is just empty', async () => {
  routes['/'] = (_, response) => response.writeHead(302, { 'content-encoding': 'gzip', 'content-length': '0' }).end()
  expect(await (await get('/')).text()).toBe('')
})

test('an answer without content has no body', async () => {
  routes['/'] = (_, response) => response.writeHead(204).end()
  expect((await get('/')).body).toBeNull()
})

test('fewer bytes than announced are a cut answer', async () => {
  routes['/'] = (_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"a":', () => response.socket?.end())
  }
  expect(await failure(get('/'))).toMatchObject({ name: 'Transient', code: 'vendor-cut' })
})

test('a chunked answer without its last chunk is a cut answer', async () => {
  routes['/'] = (_, response) => {
    response.writeHead(200).write('{"a":', () => response.socket?.end())
  }
  expect(await failure(get('/'))).toMatchObject({ name: 'Transient', code: 'vendor-cut' })
})

test.each([
  ['before the headers', false],
  ['amid the body', true],
])('a connection reset %s is a cut answer', async (_, withHeaders) => {
  routes['/'] = (request, response) => {
    if (withHeaders)
      response.writeHead(200, { 'content-length': '9' }).write('123', () => request.socket.resetAndDestroy())
    else request.socket.resetAndDestroy()
  }
  expect(await failure(get('/'))).toMatchObject({ name: 'Transient', code: 'vendor-cut' })
})

test('what is no HTTP is garbled, and its bytes are not kept', async () => {
  routes['/'] = request => request.socket.end('SSH-2.0-OpenSSH secret-banner\r\n')
  const error = await failure(get('/'))
  expect(error).toMatchObject({ name: 'Transient', code: 'vendor-garbled' })
  expect(error.cause).toBeUndefined()
})

test.each([
  ['never begins', (_: IncomingMessage, __: ServerResponse) => {}],
  ['stalls in its body', (_: IncomingMessage, response: ServerResponse) => void response.writeHead(200).write('{"a":')],
])('an answer that %s ends at the deadline', async (_, route) => {
  routes['/'] = route
  const error = await failure(get('/', {}, { deadline: 60 }))
  expect(error).toMatchObject({ name: 'Transient', code: 'vendor-timeout' })
  expect(error.message).toMatch(/127\.0\.0\.1:\d+ did not give its whole answer within 0\.06 s/)
})

test('the deadline of the transport holds when a request names none', async () => {
  const hasty = transport({ maxBytes: 100, deadline: 50 })
  routes['/'] = () => {}
  expect(await failure(hasty.fetch(new Request(`${base}/`)))).toMatchObject({ code: 'vendor-timeout' })
  await hasty.close()
})

test('a body over the limit is refused', async () => {
  routes['/'] = (_, response) => response.end(Buffer.alloc(1_000_001))
  const error = await failure(get('/'))
  expect(error).toBeInstanceOf(BadPage)
  expect(error.code).toBe('answer-too-large')
})

test('a small compressed body that grows over the limit is refused', async () => {
  routes['/'] = (_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(50_000_000)))
  expect(await failure(get('/'))).toMatchObject({ name: 'BadPage', code: 'answer-too-large' })
})

test('a body of exactly the limit is taken', async () => {
  routes['/'] = (_, response) => response.end(Buffer.alloc(1_000_000))
  expect((await (await get('/')).bytes()).length).toBe(1_000_000)
})

test('a redirect is not followed', async () => {
  let followed = false
  routes['/'] = (_, response) => response.writeHead(302, { location: `${base}/away` }).end()
  routes['/away'] = (_, response) => {
    followed = true
    response.end()
  }
  expect((await get('/')).status).toBe(302)
  expect(followed).toBe(false)
})

test('an aborted request throws the reason it was aborted with', async () => {
  const reason = new AuthError('test', 'stop it')
  const abort = new AbortController()
  routes['/'] = (_, response) => {
    response.writeHead(200).write('{"a":')
    abort.abort(reason)
  }
  expect(await failure(get('/', { signal: abort.signal }))).toBe(reason)
  expect(await failure(get('/', { signal: abort.signal }))).toBe(reason)
})

test('a refused connection names host, port and what to check', async () => {
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  const error = await failure(get('/'))
  server.listen(0, '127.0.0.1')
  expect(error).toMatchObject({ name: 'Transient', code: 'vendor-unreachable' })
  expect(error.message).toContain(`127.0.0.1, port ${port} refuses connections: check host and port`)
})

test('a name that DNS does not know is named', async () => {
  const error = await failure(wire.fetch(new Request('http://no-such-host.invalid/')))
  expect(error).toMatchObject({ name: 'Transient', code: 'vendor-unreachable' })
  expect(error.message).toContain('the name no-such-host.invalid is not known to DNS')
})

test('a status that HTTP does not have is garbled', async () => {
  routes['/'] = (_, response) => response.writeHead(999).end()
  expect(await failure(get('/'))).toBeInstanceOf(Transient)
})

test('a header in raw UTF-8 arrives byte by byte', async () => {
  routes['/'] = request =>
    request.socket.end(Buffer.from('HTTP/1.1 200 OK\r\nx-city: Москва\r\ncontent-length: 2\r\n\r\nok'))
  const response = await get('/')
  expect(Buffer.from(response.headers.get('x-city') ?? '', 'latin1').toString('utf8')).toBe('Москва')
})

test('a status text that is no ASCII does not break the answer', async () => {
  routes['/'] = request => request.socket.end(Buffer.from('HTTP/1.1 404 Не найдено\r\ncontent-length: 2\r\n\r\nno'))
  expect(await get('/')).toMatchObject({ status: 404, statusText: '' })
})

test('TLS with a server that speaks none is garbled', async () => {
  const answer = wire.fetch(new Request(base.replace('http:', 'https:')))
  expect(await failure(answer)).toMatchObject({ name: 'Transient', code: 'vendor-garbled' })
})

test('the deadline also ends the wait for a free connection', async () => {
  await wire.close()
  wire = transport({ maxBytes: 100, connections: 1 })
  routes['/stall'] = () => {}
  const stalled = failure(get('/stall', {}, { deadline: 30_000 }))
  expect(await failure(get('/', {}, { deadline: 50 }))).toMatchObject({ code: 'vendor-timeout' })
  server.closeAllConnections()
  expect(await stalled).toMatchObject({ code: 'vendor-cut' })
})

test('an answer we broke off leaves the host reachable', async () => {
  routes['/large'] = (_, response) => response.end(Buffer.alloc(5_000_000))
  routes['/'] = (_, response) => response.end('ok')
  await failure(get('/large'))
  expect(await (await get('/')).text()).toBe('ok')
})

test('connections are kept alive and counted', async () => {
  await wire.close()
  wire = transport({ maxBytes: 100, connections: 2 })
  routes['/'] = (_, response) => response.end('ok')
  for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 8 }, () => get('/')))
  expect(sockets).toBe(2)
})
