import { conceal } from '../core/conceal.ts'
import { hide, longestFirst, spellings } from '../core/secret.ts'

/** Hides what must be read in no message and no log. */
export type Mask = {
  /** The address without userinfo and fragment, its secret parameters as `***`. */
  url(url: string, base?: string): string
  /** The text without any secret we know, the secrets of this request among them, what looks like one, and personal data. */
  text(text: string, request?: Request): string
}

const words = 'signature|token|secret|password|passwd|pwd|credential|authorization|cookie'
const usual = new RegExp(`${words}|key$|^_?sign?$`, 'i')

/**
 * - `names`: further query parameters and headers that are secret. The usual ones (signature, token, key …) are known.
 * - `values`: the secrets themselves, for vendors that repeat them in their answers. They are read anew for each text.
 */
export function mask({ names = [], values = [] }: { names?: readonly string[]; values?: Iterable<string> } = {}): Mask {
  const further = new Set(names.map(name => name.toLowerCase()))
  const isSecret = (name: string) => usual.test(name) || further.has(name.toLowerCase())
  const assigned = assignments(names)

  const text = (text: string, request?: Request) => {
    const secrets = [...values, ...(request === undefined ? [] : secretsOf(request, isSecret))]
    return conceal(hide(text, longestFirst(secrets.flatMap(spellings)))).replace(assigned, withoutValue)
  }
  return { text, url: (url, base) => text(hideIn(url, base, isSecret)) }
}

function hideIn(url: string, base: string | undefined, isSecret: (name: string) => boolean): string {
  if (!URL.canParse(url, base)) return '(an address that cannot be read)'
  const shown = new URL(url, base)
  shown.username = ''
  shown.password = ''
  shown.hash = ''
  for (const name of new Set(shown.searchParams.keys())) if (isSecret(name)) shown.searchParams.set(name, '***')
  return shown.href
}

function secretsOf({ url, headers }: Request, isSecret: (name: string) => boolean): string[] {
  return [...new URL(url).searchParams, ...headers].filter(([name]) => isSecret(name)).map(([, value]) => value)
}

/** `name=value`, `"name": "value"` and `Name: Bearer value`, where the name ends like one of a secret. */
function assignments(names: readonly string[]): RegExp {
  const escaped = names.map(name => name.replace(/[^\w]/g, '\\$&'))
  const name = `[\\w-]{0,40}?(?:${[words, 'key', ...escaped].join('|')})`
  return new RegExp(
    `(?<![\\w-])(${name})(\\\\?["']?\\s*[=:]\\s*)(\\\\?["']|(?:bearer|basic) +)?([^\\s"'\\\\&,;<>]+)`,
    'gi',
  )
}

/** After a bare colon a short word is the vendor's text ("invalid token: expired"), a long one a secret. */
function withoutValue(all: string, name: string, equals: string, opening: string | undefined, value: string): string {
  const isText = opening === undefined && !equals.includes('=') && value.length < 12
  return isText ? all : `${name}${equals}${opening ?? ''}***`
}
