import { randomBytes } from 'node:crypto'

/** A login that was begun and waits for its person. Times are ms of the vendor's clock, `interval` too. */
type Login = {
  code: string
  until: number
  interval: number
  asked: number
  account: string | null
  state: 'open' | 'denied' | 'over'
}

/** Logins by a code that a person types on another screen (RFC 8628). */
export type Devices = {
  start(now: number): { device: string; code: string }
  /** The account that was granted, or the error of RFC 8628, 3.5. */
  poll(device: string, now: number): { account: string } | { error: string }
  /** What the person does. False when no open login has that code. */
  approve(code: string, account: string): boolean
  deny(code: string): boolean
}

/** Whoever polls more often than every `interval` ms is told to slow down, and has to wait 5 s longer from then on. */
export function deviceDesk({ interval, lifetime }: { interval: number; lifetime: number }): Devices {
  const logins = new Map<string, Login>()
  const open = (code: string) => [...logins.values()].find(login => login.code === code && login.state === 'open')
  const poll: Devices['poll'] = (device, now) => {
    const login = logins.get(device)
    if (!login || login.state === 'over') return { error: 'invalid_request' }
    if (now > login.until) return { error: 'expired_token' }
    if (login.state === 'denied') return { error: 'access_denied' }
    const isHasty = now - login.asked < login.interval
    login.asked = now
    if (isHasty) {
      login.interval += 5_000
      return { error: 'slow_down' }
    }
    if (login.account === null) return { error: 'authorization_pending' }
    login.state = 'over'
    return { account: login.account }
  }
  return {
    poll,
    start: now => {
      const [device, code] = [randomBytes(12).toString('base64url'), randomBytes(4).toString('hex')]
      logins.set(device, { code, until: now + lifetime, interval, asked: now, account: null, state: 'open' })
      return { device, code }
    },
    approve: (code, account) => {
      const login = open(code)
      if (login) login.account = account
      return login !== undefined
    },
    deny: code => {
      const login = open(code)
      if (login) login.state = 'denied'
      return login !== undefined
    },
  }
}
