import { describe, expect, it } from 'vitest'
import { wildberries } from './index.ts'

const token = ['{}', '{"sid":"c8a5","acc":3}', 'x'].map(part => Buffer.from(part).toString('base64url')).join('.')

describe('credentials', () => {
  it('are a token, which is sent as it is or behind the word Bearer', () => {
    expect(wildberries.credentials!.parse({ token })).toEqual({ token })
    const { auth } = wildberries
    if (auth?.kind !== 'fixed') throw new Error('the token is not sent as it is')
    expect(auth.headers({ token }, { authorization: 'bare' })).toEqual({ authorization: token })
    expect(auth.headers({ token }, { authorization: 'bearer' })).toEqual({ authorization: `Bearer ${token}` })
  })

  it('that are no token are refused, and not repeated', () => {
    const { error } = wildberries.credentials!.safeParse({ token: 'my-secret-word' })
    expect(error!.issues[0]!.message).toMatch(/^is no token of the seller API/)
    expect(error!.message).not.toContain('my-secret-word')
  })
})

it('whether the vendor answers is asked where every token may ask, and tells its time', () => {
  const { ask, clock } = wildberries.probe!
  expect(ask).toMatchObject({ path: '/ping', host: 'common' })
  const answer = {
    status: 200,
    headers: new Headers(),
    at: new Date(0),
    json: { TS: '2026-08-16T11:19:05+03:00', Status: 'OK' },
  }
  expect(clock!(answer)).toEqual(new Date('2026-08-16T08:19:05Z'))
})
