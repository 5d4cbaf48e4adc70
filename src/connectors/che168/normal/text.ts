/**
 * What the spec tables and the feed write where nothing is known. `无` is not among them: it says that there is none, as of a
 * spare wheel.
 */
const nothing = new Set(['', '-', '--', '待查', '未知', '暂无', '暂无报价', 'null'])

/** What a field says, as text without the space around it; undefined where it says nothing, or is no text and no number. */
export function told(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined
  if (typeof value !== 'string') return undefined
  const text = (value.includes('&') ? value.replaceAll('&nbsp;', ' ') : value).trim()
  return text.length <= 4 && nothing.has(text.toLowerCase()) ? undefined : text
}

const plainest = /^[ -@[-`{-~]*$/

/**
 * The form in which words are compared: width of letters and brackets, Roman numerals of one sign, capitals, ё, both words for
 * a gear, and the dots of N·m make no difference.
 */
export function fold(text: string): string {
  if (plainest.test(text)) return text.trim().replace(/ {2,}/g, ' ')
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/ё\p{M}*/gu, 'е')
    .replaceAll('档', '挡')
    .replace(/[・•∙⋅]/g, '·')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Whether there is a Chinese character in it. */
export function isChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text)
}

/**
 * The same function, which remembers what it answered: the words of a hundred thousand adverts are a few thousand. What comes
 * when it has remembered `most` is worked out each time.
 */
export function remembered<T>(work: (text: string) => T, most = 20_000): (text: string) => T {
  const known = new Map<string, T>()
  return text => {
    const before = known.get(text)
    if (before !== undefined) return before
    const answer = work(text)
    if (known.size < most) known.set(text, answer)
    return answer
  }
}
