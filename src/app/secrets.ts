import { keepLogin, keepSecret } from '../core/secret.ts'
import type { Given, Option } from './schema.ts'

/** Variables that hold a secret without being a setting. */
const keys = ['SLUICE_SECRET_KEY', 'SECRET_KEY', 'SLUICE_SECRET_KEY_PREVIOUS']

/** Words of our messages beside the names of settings, among which are those of vendors and streams. */
const usual = ['sluice', 'postgres']

type Where = { given: readonly Given[]; options: readonly Option[]; env: Readonly<Record<string, string | undefined>> }

/**
 * Has every secret among the settings hidden from now on, before anything is said of them. A password that is also an
 * ordinary word of our own messages (the user's name, the product's, that of a setting) is not: hiding that word everywhere would tell it.
 */
export function keepSecrets({ given, options, env }: Where): void {
  for (const name of keys) if (env[name]) keepSecret(env[name])
  const secret = new Set(options.filter(option => option.secret).map(({ path }) => path.join('.')))
  const named = given.filter(isPublic(secret)).map(({ value }) => String(value))
  const words = new Set([...usual, ...options.flatMap(({ path }) => path), ...named])
  for (const { path, value } of given) {
    if (!secret.has(path.join('.')) || typeof value !== 'string') continue
    if (path.at(-1) === 'url') keepAddress(value, words)
    else if (!words.has(value)) keepLogin(userBeside(path, given), value)
  }
}

function isPublic(secret: ReadonlySet<string>): (each: Given) => boolean {
  return ({ path }) => !secret.has(path.join('.'))
}

/** The password of an address, as it is written and as it is meant, before its host or behind it; also where the address is none. */
function keepAddress(url: string, words: Set<string>): void {
  const [, user = '', password = ''] = /^[^:]*:\/\/([^:@/]*):(.*)@/s.exec(url) ?? []
  const [, asked = ''] = /[?&]password=([^&#]*)/.exec(url) ?? []
  for (const each of [asked, decoded(asked)]) if (!words.has(each)) keepSecret(each)
  if (password === '' || words.has(password) || password === user) return
  keepSecret(url)
  keepLogin(decoded(user), decoded(password))
  keepSecret(password)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function userBeside(path: readonly string[], given: readonly Given[]): string {
  const user = given.find(each => each.path.join('.') === [...path.slice(0, -1), 'user'].join('.'))
  return user === undefined ? 'sluice' : String(user.value)
}
