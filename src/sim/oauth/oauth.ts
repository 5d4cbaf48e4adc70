import { setTimeout } from 'node:timers/promises'
import type { Call, Want } from './call.ts'
import { type Devices, deviceDesk } from './devices.ts'
import { type Pair, type Tokens, tokenBook } from './tokens.ts'

/**
 * - accounts: who there is; each has `rows` records in each of its lists
 * - client: the application that all accounts share
 * - lifetime, reuse: ms that an access token is good, and that a refresh token can be used again after its first use
 * - interval: ms between two polls of a login
 * - slow: ms that each answer with data takes
 * - now: the vendor's clock in ms
 */
export type Options = {
  accounts: readonly string[]
  rows: number
  client: { id: string; secret: string }
  lifetime?: number
  reuse?: number
  interval?: number
  slow?: number
  now?: () => number
}

/** A vendor with OAuth 2 as large ones have it, with many accounts of one application. */
export type Imitated = {
  fetch(request: Request): Promise<Response>
  /** Every call, in order of arrival. */
  calls: Call[]
  tokens: Tokens
  devices: Devices
  /**
   * The next so many renewals of an account are done and answered only so much later (ms): whoever asked may be dead by then.
   * With a status they come to nothing instead, and are answered with that.
   */
  spoil(fault: Spoil): void
  /** The records of a list. */
  truth(account: string, list: string): Row[]
}

export type Spoil = { account: string; times: number; ms?: number; status?: number }

/** One record. */
type Row = { id: string; amount: string }

type Desk = Options & { tokens: Tokens; devices: Devices; spoils: Spoil[]; time: () => number }

/**
 *   POST /auth/oauth/token    Basic auth, form body: grant_type refresh_token or device_code
 *   POST /auth/oauth/device   Basic auth, form body: client_id
 *   GET  /api/list?list=a&cursor=0&limit=20   Bearer token: `{ rows, next }`
 */
export function imitateOauth(options: Options): Imitated {
  const { now = Date.now, lifetime = 43_200_000, reuse = 60_000, interval = 5_000 } = options
  const devices = deviceDesk({ interval, lifetime: 3_600_000 })
  const desk: Desk = { ...options, devices, tokens: tokenBook({ access: lifetime, reuse }), spoils: [], time: now }
  const calls: Call[] = []
  const fetch = async (request: Request) => {
    const call: Call = {
      ...{ id: calls.length + 1, at: now(), end: null, want: 'other', account: '', token: 0, status: 0, error: null },
    }
    calls.push(call)
    const response = await answer(desk, request, call)
    Object.assign(call, { status: response.status, end: now() })
    response.headers.set('date', new Date(now()).toUTCString())
    return response
  }
  return {
    ...{ fetch, calls, devices, tokens: desk.tokens },
    spoil: fault => void desk.spoils.push({ ...fault }),
    truth: (account, list) => rowsOf(desk, account, list, 0, desk.rows),
  }
}

async function answer(desk: Desk, request: Request, call: Call): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/api/list') return list(desk, request, call)
  if (pathname !== '/auth/oauth/token' && pathname !== '/auth/oauth/device') return refuse(call, 404, 'not_found')
  if (request.method !== 'POST') return refuse(call, 405, 'method_not_allowed')
  const form = await formOf(request)
  if (!form) return refuse(call, 400, 'invalid_request')
  call.want = wantOf(pathname, form)
  if (!isClient(desk, request)) return refuse(call, 401, 'invalid_client')
  if (call.want === 'refresh') return renew(desk, form, call)
  if (call.want === 'poll') return poll(desk, form, call)
  if (call.want === 'device') return start(desk, form, call)
  return refuse(call, 400, 'unsupported_grant_type')
}

/** Only a form body will do: what stands in an address ends in logs. */
async function formOf(request: Request): Promise<URLSearchParams | undefined> {
  const type = request.headers.get('content-type') ?? ''
  const isForm = type.startsWith('application/x-www-form-urlencoded') && new URL(request.url).search === ''
  return isForm ? new URLSearchParams(await request.text()) : undefined
}

function wantOf(path: string, form: URLSearchParams): Want {
  if (path.endsWith('/device')) return 'device'
  const grant = form.get('grant_type')
  if (grant === 'refresh_token') return 'refresh'
  return grant === 'urn:ietf:params:oauth:grant-type:device_code' ? 'poll' : 'other'
}

function isClient({ client }: Desk, { headers }: Request): boolean {
  const wanted = Buffer.from(`${client.id}:${client.secret}`).toString('base64')
  return headers.get('authorization') === `Basic ${wanted}`
}

async function renew(desk: Desk, form: URLSearchParams, call: Call): Promise<Response> {
  const token = form.get('refresh_token') ?? ''
  const known = desk.tokens.known(token)
  Object.assign(call, { account: known?.account ?? '', token: known?.nth ?? 0 })
  const spoil = desk.spoils.find(each => each.account === call.account && each.times > 0)
  if (spoil) spoil.times--
  if (spoil?.status) return refuse(call, spoil.status, 'server_error')
  const pair = desk.tokens.renew(token, call.at)
  if (spoil?.ms) await setTimeout(spoil.ms)
  return pair ? given(pair) : refuse(call, 400, 'invalid_grant')
}

function start({ devices, client, interval = 5_000 }: Desk, form: URLSearchParams, call: Call): Response {
  if (form.get('client_id') !== client.id) return refuse(call, 400, 'invalid_request')
  const { device, code } = devices.start(call.at)
  const verification_uri = 'https://vendor.example/device'
  const times = { expires_in: 3_600, interval: interval / 1000 }
  return Response.json({ device_code: device, user_code: code, verification_uri, ...times })
}

function poll({ devices, tokens }: Desk, form: URLSearchParams, call: Call): Response {
  const told = devices.poll(form.get('device_code') ?? '', call.at)
  if ('error' in told) return refuse(call, 400, told.error)
  call.account = told.account
  return given(tokens.grant(told.account, call.at))
}

function given(pair: Pair): Response {
  return Response.json(pair, { headers: { 'cache-control': 'no-store' } })
}

/** Without a token and with a bad one, the bodies are those that have been seen at a real vendor. */
async function list(desk: Desk, request: Request, call: Call): Promise<Response> {
  call.want = 'data'
  const token = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
  if (!token) return refuse(call, 401, 'unauthorized')
  const owner = desk.tokens.owner(token, call.at)
  if (owner === undefined) return refuse(call, 401, 'invalid_token')
  call.account = owner
  if (desk.slow) await setTimeout(desk.slow)
  const { searchParams } = new URL(request.url)
  const [from, limit] = [Number(searchParams.get('cursor') ?? 0), Number(searchParams.get('limit') ?? 20)]
  const rows = rowsOf(desk, owner, searchParams.get('list') ?? '', from, from + limit)
  return Response.json({ rows, next: from + limit < desk.rows ? from + limit : null })
}

function rowsOf({ rows }: Desk, account: string, list: string, from: number, to: number): Row[] {
  const length = Math.max(0, Math.min(to, rows) - from)
  return Array.from({ length }, (_, at) => ({ id: `${account}-${list}-${from + at}`, amount: `${from + at}.50` }))
}

function refuse(call: Call, status: number, error: string): Response {
  call.error = error
  return Response.json({ error, error_description: `${error} ${call.id}` }, { status })
}
