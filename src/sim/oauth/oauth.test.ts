import { describe, expect, test } from 'vitest'
import { imitateOauth, type Options } from './oauth.ts'

type Told = { status: number; error?: string } & Partial<
  Record<'access_token' | 'refresh_token' | 'device_code' | 'user_code' | 'token_type', string>
>

const client = { id: 'app', secret: 's3cret' }
const device = 'urn:ietf:params:oauth:grant-type:device_code'

function setup(options: Partial<Options> = {}) {
  let now = Date.parse('2026-03-01T12:00:00Z')
  const wishes = { accounts: ['anna'], rows: 25, client, lifetime: 10_000, interval: 5_000, now: () => now }
  const vendor = imitateOauth({ ...wishes, ...options })
  const post = async (
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Told> => {
    const authorization = `Basic ${btoa(`${client.id}:${client.secret}`)}`
    const body = new URLSearchParams(form)
    const response = await vendor.fetch(
      new Request(`http://vendor/auth/oauth/${path}`, { method: 'POST', body, headers: { authorization, ...headers } }),
    )
    return { ...((await response.json()) as object), status: response.status }
  }
  const list = async (token?: string) => {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
    const response = await vendor.fetch(new Request('http://vendor/api/list?list=a&cursor=20&limit=20', { headers }))
    return { status: response.status, body: await response.json() }
  }
  const refresh = (refresh_token: string) => post('token', { grant_type: 'refresh_token', refresh_token })
  return {
    ...{ vendor, post, list, refresh },
    pass: (ms: number) => {
      now += ms
    },
    now: () => now,
  }
}

describe('tokens', () => {
  test('are good for their lifetime, and dead as soon as they are renewed', async () => {
    const { vendor, list, refresh, pass, now } = setup()
    const first = vendor.tokens.grant('anna', now())
    expect((await list(first.access_token)).body).toEqual({ rows: vendor.truth('anna', 'a').slice(20), next: null })
    const second = await refresh(first.refresh_token)
    expect((await list(first.access_token)).status).toBe(401)
    expect((await list(second.access_token)).status).toBe(200)
    pass(10_000)
    expect(await list(second.access_token)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(await list()).toMatchObject({ status: 401, body: { error: 'unauthorized' } })
  })

  test('are renewed by the old one again for a minute after its first use, which ends what it gave first', async () => {
    const { vendor, list, refresh, pass, now } = setup()
    const { refresh_token } = vendor.tokens.grant('anna', now())
    pass(1_000_000)
    const lost = await refresh(refresh_token)
    pass(60_000)
    const found = await refresh(refresh_token)
    expect(found.status).toBe(200)
    expect((await list(lost.access_token)).status).toBe(401)
    expect(await refresh(lost.refresh_token!)).toMatchObject({ status: 400, error: 'invalid_grant' })
    pass(1)
    expect(await refresh(refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' })
    expect((await refresh(found.refresh_token!)).status).toBe(200)
    expect(vendor.calls.filter(({ want }) => want === 'refresh').map(({ token }) => token)).toEqual([1, 1, 2, 1, 3])
  })

  test('are given only to the application, and only for a form', async () => {
    const { vendor, post, now } = setup()
    const form = { grant_type: 'refresh_token', refresh_token: vendor.tokens.grant('anna', now()).refresh_token }
    expect(await post('token', form, { authorization: 'Basic x' })).toMatchObject({ status: 401 })
    expect(await post('token', form, { 'content-type': 'application/json' })).toMatchObject({ status: 400 })
    expect(await post('token?x=1', form)).toMatchObject({ status: 400 })
    expect(await post('token', { grant_type: 'password' })).toMatchObject({ error: 'unsupported_grant_type' })
    expect((await post('token', form)).status).toBe(200)
  })
})

describe('login by a code', () => {
  test('waits for the person, tells hasty pollers to slow down for good, and gives tokens once', async () => {
    const { vendor, post, pass } = setup()
    const { device_code = '', user_code = '' } = await post('device', { client_id: client.id })
    const poll = () => post('token', { grant_type: device, device_code })
    pass(5_000)
    expect(await poll()).toMatchObject({ status: 400, error: 'authorization_pending' })
    pass(4_999)
    expect(await poll()).toMatchObject({ status: 400, error: 'slow_down' })
    pass(5_000)
    expect(await poll()).toMatchObject({ error: 'slow_down' })
    expect(vendor.devices.approve('nonsense', 'anna')).toBe(false)
    expect(vendor.devices.approve(user_code, 'anna')).toBe(true)
    pass(15_000)
    expect(await poll()).toMatchObject({ status: 200, token_type: 'bearer' })
    pass(15_000)
    expect(await poll()).toMatchObject({ status: 400, error: 'invalid_request' })
  })

  test('ends when the person says no, or nobody answers in time', async () => {
    const { vendor, post, pass } = setup()
    const no = await post('device', { client_id: client.id })
    vendor.devices.deny(no.user_code!)
    expect(await post('token', { grant_type: device, device_code: no.device_code! })).toMatchObject({
      error: 'access_denied',
    })
    const late = await post('device', { client_id: client.id })
    pass(3_600_001)
    expect(await post('token', { grant_type: device, device_code: late.device_code! })).toMatchObject({
      error: 'expired_token',
    })
  })
})
