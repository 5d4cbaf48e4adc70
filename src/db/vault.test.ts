import { describe, expect, test } from 'vitest'
import { Misuse } from '../core/failure.ts'
import { type Keys, type Place, vaultOf } from './vault.ts'

const place: Place = { connector: 'acme', account: 'main', kind: 'credentials' }
const secret = { token: 'tk-4711-secret', shop: 'Кофе & чай' }

function vault(keys: Keys, salt = 'one') {
  return vaultOf(keys, async () => salt)
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    thrown => thrown,
  )
  expect(error).toBeInstanceOf(Misuse)
  expect((error as Misuse).message).not.toMatch(/tk-4711|key one|key two/)
  return (error as Misuse).code
}

describe('a vault', () => {
  test('opens what it has closed, and closes the same in another way each time', async () => {
    const { seal, open } = vault({ current: 'key one' })
    const [first, second] = [await seal(secret, place), await seal(secret, place)]
    expect(await open(first, place)).toEqual(secret)
    expect(first.bytes.equals(second.bytes)).toBe(false)
    expect(first.bytes.includes('tk-4711')).toBe(false)
  })

  test('opens nothing in a place it was not closed for, and nothing that was changed', async () => {
    const { seal, open } = vault({ current: 'key one' })
    const sealed = await seal(secret, place)
    const elsewhere: Place[] = [
      { ...place, account: 'other' },
      { ...place, connector: 'bravo' },
      { ...place, kind: 'tokens' },
    ]
    for (const other of elsewhere) expect(await codeOf(open(sealed, other))).toBe('secret-damaged')
    for (const at of [0, 12, sealed.bytes.length - 1]) {
      const bytes = Buffer.from(sealed.bytes)
      bytes[at]! ^= 1
      expect(await codeOf(open({ ...sealed, bytes }, place))).toBe('secret-damaged')
    }
    expect(await codeOf(open({ ...sealed, bytes: Buffer.alloc(3) }, place))).toBe('secret-damaged')
  })

  test('opens with the previous key what it closes with the current one from then on', async () => {
    const old = await vault({ current: 'key one' }).seal(secret, place)
    const both = vault({ current: 'key two', previous: 'key one' })
    expect(await both.open(old, place)).toEqual(secret)
    const fresh = await both.seal(secret, place)
    expect(fresh.key).toBe(await both.key())
    expect(fresh.key).not.toBe(old.key)
    expect(await vault({ current: 'key two' }).open(fresh, place)).toEqual(secret)
  })

  test('tells a wrong key from a missing one before it tries, and needs none until something is to be opened', async () => {
    const sealed = await vault({ current: 'key one' }).seal(secret, place)
    expect(await codeOf(vault({ current: 'key two' }).open(sealed, place))).toBe('secret-key-wrong')
    expect(await codeOf(vault({}).open(sealed, place))).toBe('secret-key-missing')
    expect(await codeOf(vault({}).seal(secret, place))).toBe('secret-key-missing')
    expect(await codeOf(vault({ previous: 'key one' }).key())).toBe('secret-key-missing')
  })

  test('of another installation has another key of the same words', async () => {
    const [here, there] = [vault({ current: 'key one' }, 'one'), vault({ current: 'key one' }, 'two')]
    expect(await here.key()).not.toBe(await there.key())
  })
})
