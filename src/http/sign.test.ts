import { expect, test } from 'vitest'
import { Misuse } from '../core/failure.ts'
import { sign } from './sign.ts'

const mirror = async (request: Request) => new Response(JSON.stringify(Object.fromEntries(request.headers)))
const userAgent = 'sluice/1.0.0 (+https://github.com/sluice/sluice)'

test('a request says who asks and carries the headers that authorise it', async () => {
  const fetch = sign(mirror, { userAgent, headers: { Authorization: 'Bearer abc' } })
  const request = new Request('http://api.example/', { headers: { accept: 'text/csv' } })
  const seen = await (await fetch(request)).json()
  expect(seen).toEqual({ accept: 'text/csv', authorization: 'Bearer abc', 'user-agent': userAgent })
})

test('headers that change with time are asked for before each request', async () => {
  const keys = ['one', 'two\n2']
  const fetch = sign(mirror, { userAgent, headers: async () => ({ 'x-key': keys.shift()! }) })
  const seen = await (await fetch(new Request('http://api.example/'))).json()
  expect(seen).toEqual({ 'x-key': 'one', 'user-agent': userAgent })
  await expect(fetch(new Request('http://api.example/'))).rejects.toThrow(Misuse)
})

test('what authorises it may stand in the address, and that of the caller stays as it is', async () => {
  const echo = async (request: Request) => new Response(request.url + (await request.text()))
  const fetch = sign(echo, { userAgent, query: () => ({ api_key: 'a b&c' }) })
  const request = new Request('http://api.example/cars?page=2', { method: 'POST', body: ' hello' })
  expect(await (await fetch(request)).text()).toBe('http://api.example/cars?page=2&api_key=a+b%26c hello')
  expect(request.url).toBe('http://api.example/cars?page=2')
})

test('a request that names itself keeps its name', async () => {
  const request = new Request('http://api.example/', { headers: { 'user-agent': 'Registered/1' } })
  expect(await (await sign(mirror, { userAgent })(request)).json()).toEqual({ 'user-agent': 'Registered/1' })
})

test('the body is sent, and the request of the caller stays unsigned', async () => {
  const fetch = sign(async request => new Response(await request.text()), { userAgent, headers: { 'x-key': 'abc' } })
  const request = new Request('http://api.example/', { method: 'POST', body: 'hello' })
  expect(await (await fetch(request)).text()).toBe('hello')
  expect(request.headers.has('x-key')).toBe(false)
})

test('the deadline is handed on', async () => {
  const fetch = sign(async (_, options) => Response.json(options), { userAgent })
  expect(await (await fetch(new Request('http://api.example/'), { deadline: 5 })).json()).toEqual({ deadline: 5 })
})

test.each(['hunter\n22', 'hunter22 ключ'])(
  'a header that cannot be sent is refused without telling its value',
  value => {
    const make = () => sign(mirror, { userAgent, headers: { authorization: value } })
    expect(make).toThrow(Misuse)
    expect(make).toThrow(/^the value for the header authorization holds line breaks(?!.*hunter)/)
  },
)
