import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { Misuse } from '../core/failure.ts'

/** What credentials are encrypted with: the key for new ones, and the one before it, which still opens old ones. */
export type Keys = { current?: string; previous?: string }

/** Whose secret it is, and which: what is encrypted for one place opens in no other. */
export type Place = { connector: string; account: string; kind: 'credentials' | 'tokens' }

/** A secret as it is stored: nonce, tag and text in one, and which key it was closed with. */
export type Sealed = { bytes: Buffer; key: string }

/** Names and values, as credentials and tokens are. */
type Secret = Readonly<Record<string, string>>

/**
 * Closes secrets before they are stored, and opens them: AES-256-GCM under a key that scrypt derives from what the user has
 * set, with this installation's id for a salt. Without any key it is of use as long as nothing has to be opened or closed.
 */
export type Vault = {
  /** @throws Misuse `secret-key-missing` */
  seal(secret: Secret, place: Place): Promise<Sealed>
  /** @throws Misuse `secret-key-missing`, `secret-key-wrong` or `secret-damaged`, which say what to do */
  open(sealed: Sealed, place: Place): Promise<Secret>
  /** Which key new secrets are closed with. @throws Misuse `secret-key-missing` */
  key(): Promise<string>
}

/** A vault with these keys; `salt` is asked for when a key is needed for the first time. */
export function vaultOf(keys: Keys, salt: () => Promise<string>): Vault {
  const derived = new Map<string, Promise<Derived>>()
  const deriveOnce = (key: string) => {
    const known = derived.get(key) ?? salt().then(id => derive(key, id))
    derived.set(key, known)
    known.catch(() => derived.delete(key))
    return known
  }
  const newest = async (what: string) => {
    if (keys.current === undefined) throw missing(what)
    return deriveOnce(keys.current)
  }
  return {
    key: async () => (await newest('To store credentials')).id,
    seal: async (secret, place) => close(secret, place, await newest(`To store the ${place.kind} of ${nameOf(place)}`)),
    open: async (sealed, place) => {
      const known = [keys.current, keys.previous].filter(key => key !== undefined)
      if (known.length === 0) throw missing(`The ${place.kind} of ${nameOf(place)} are encrypted: to use them`, place)
      const all = await Promise.all(known.map(deriveOnce))
      const fitting = all.find(({ id }) => id === sealed.key)
      if (!fitting) throw wrong(place, sealed, all)
      return decipher(sealed, place, fitting)
    },
  }
}

/** A key as it encrypts, and the name by which it is known without being told. */
type Derived = { bytes: Buffer; id: string }

const stretch = promisify(scrypt) as (key: string, salt: string, length: number, cost: object) => Promise<Buffer>

/** 32 MB and some 0.1 s for each key, once in a process (RFC 7914: N, r and p). */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 }

async function derive(key: string, salt: string): Promise<Derived> {
  const bytes = await stretch(key.trim(), `sluice ${salt}`, 32, cost)
  return { bytes, id: createHash('sha256').update('sluice key').update(bytes).digest('hex').slice(0, 12) }
}

const cipher = 'aes-256-gcm'
const nonceLength = 12
const tagLength = 16

function close(secret: Secret, place: Place, { bytes, id }: Derived): Sealed {
  const nonce = randomBytes(nonceLength)
  const closing = createCipheriv(cipher, bytes, nonce, { authTagLength: tagLength }).setAAD(bound(place))
  const text = Buffer.concat([closing.update(JSON.stringify(secret), 'utf8'), closing.final()])
  return { bytes: Buffer.concat([nonce, closing.getAuthTag(), text]), key: id }
}

function decipher({ bytes }: Sealed, place: Place, key: Derived): Secret {
  const [nonce, tag] = [bytes.subarray(0, nonceLength), bytes.subarray(nonceLength, nonceLength + tagLength)]
  try {
    const opening = createDecipheriv(cipher, key.bytes, nonce, { authTagLength: tagLength }).setAAD(bound(place))
    opening.setAuthTag(tag)
    const text = Buffer.concat([opening.update(bytes.subarray(nonceLength + tagLength)), opening.final()])
    return JSON.parse(text.toString('utf8'))
  } catch {
    const why = `The ${place.kind} of ${nameOf(place)} do not open although the key is the right one: what is stored was changed, or belongs to another account`
    throw new Misuse('secret-damaged', `${why}. Enter them anew: sluice accounts rotate ${nameOf(place)}`)
  }
}

/** No slug or kind holds a slash, so that no two places are written alike. */
function bound({ connector, account, kind }: Place): Buffer {
  return Buffer.from(`${connector}/${account}/${kind}`)
}

function nameOf({ connector, account }: Place): string {
  return `${connector}/${account}`
}

function missing(what: string, place?: Place): Misuse {
  const anew = place ? `, or set a new one and enter them anew: sluice accounts rotate ${nameOf(place)}` : ''
  const how = place
    ? 'Put the key back that they were stored with'
    : 'Set it, for instance to what "openssl rand -base64 32" prints, and keep a copy'
  return new Misuse(
    'secret-key-missing',
    `${what}, SLUICE_SECRET_KEY is needed, and it is not set. ${how}, in .env or the environment${anew}.`,
  )
}

function wrong(place: Place, { key }: Sealed, known: readonly Derived[]): Misuse {
  const here = known.map(({ id }) => id).join(' and ')
  const text = `The ${place.kind} of ${nameOf(place)} are encrypted with the key ${key}, and what is set here is ${here}`
  const remedy = `Put the right key back as SLUICE_SECRET_KEY (or as SLUICE_SECRET_KEY_PREVIOUS, beside a new one), or enter them anew: sluice accounts rotate ${nameOf(place)}`
  return new Misuse('secret-key-wrong', `${text}. ${remedy}.`)
}
