/**
 * The secrets of this process: passwords, keys, tokens. Whoever reads or receives one hands it to `keepSecret`; whatever
 * leaves the process as text, or is stored as text for people, goes through `hideSecrets`, mostly by way of `conceal`.
 * There is one such list in a process, because a secret may turn up in the words of anybody.
 */
const kept = new Set<readonly string[]>()

/** The spellings of all of them, the longest first: a secret may be a piece of another. */
let known: readonly string[] = []

/**
 * Has a secret hidden from now on, in every spelling of it. One of fewer than 4 characters is not: it would hide pieces
 * of ordinary words. Returns what ends it, for tokens that are replaced every hour.
 */
export function keepSecret(secret: string): () => void {
  const its = spellings(secret)
  kept.add(its)
  refresh()
  return () => {
    kept.delete(its)
    refresh()
  }
}

/** Has a password hidden, and the form in which HTTP sends it beside its user (RFC 7617). */
export function keepLogin(user: string, password: string): () => void {
  const pair = Buffer.from(`${user}:${password}`)
  const ends = [password, pair.toString('base64'), pair.toString('base64url')].map(keepSecret)
  return () => {
    for (const end of ends) end()
  }
}

/** The text with `***` in place of every secret that this process knows. */
export function hideSecrets(text: string): string {
  return hide(text, known)
}

/**
 * A JSON text with its secrets hidden that is JSON afterwards: only what stands within its strings is looked at. For records
 * that are kept to be read again.
 */
export function hideInJson(json: string): string {
  if (!known.some(spelling => json.includes(spelling))) return json
  return json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/gs, hideSecrets)
}

/** The text without these spellings, which must be ordered from the longest to the shortest. */
export function hide(text: string, spelled: readonly string[]): string {
  return spelled.reduce((rest, each) => (rest.includes(each) ? without(rest, each) : rest), text)
}

/** A short secret may be a piece of an ordinary word or number, and is hidden only where it stands by itself. */
function without(text: string, spelling: string): string {
  if (spelling.length >= 8) return text.replaceAll(spelling, '***')
  const exact = spelling.replace(/[^\w]/g, '\\$&')
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${exact}(?![\\p{L}\\p{N}])`, 'gu'), '***')
}

/** Spellings in the order in which `hide` needs them. */
export function longestFirst(spelled: readonly string[]): string[] {
  return spelled.toSorted((a, b) => b.length - a.length)
}

/** A secret as others may repeat it: bare, without `Bearer`, in an address, in a form, in JSON. */
export function spellings(secret: string): string[] {
  const bare = secret.trim().replace(/^(bearer|basic|token) +/i, '')
  const all = [secret, bare].flatMap(text => [text, JSON.stringify(text).slice(1, -1), ...encoded(text)])
  return [...new Set(all)].filter(text => text.length >= 4)
}

/** Percent-encoded, with both cases of its digits; a form writes a blank as a plus. Half a surrogate pair has no such form. */
function encoded(text: string): string[] {
  if (!text.isWellFormed()) return []
  const component = encodeURIComponent(text)
  const form = new URLSearchParams([['', text]]).toString().slice(1)
  const upper = [component, encodeURI(text), form]
  return [...upper, ...upper.map(each => each.replace(/%[0-9A-F]{2}/g, digits => digits.toLowerCase()))]
}

function refresh(): void {
  known = longestFirst([...kept].flat())
}
