import { parseEnv } from 'node:util'

/** The value a `.env` gives to a variable; undefined when it gives none, or an empty one. */
export function valueIn(text: string, name: string): string | undefined {
  return parseEnv(text)[name] || undefined
}

/** The text with a variable set: in its own line where there is one, otherwise at the end. Everything else stays. */
export function withValue(text: string, name: string, value: string): string {
  const line = `${name}=${quoted(value)}`
  if (lineOf(name).test(text)) return text.replace(lineOf(name), () => line)
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`
}

/** The text with a variable's line made a comment. */
export function without(text: string, name: string): string {
  return text.replace(lineOf(name), line => `# ${line}`)
}

function lineOf(name: string): RegExp {
  return new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=.*$`, 'm')
}

/** A # or a space ends a bare value; whatever stands between quotes that it does not hold itself is taken as it is. */
function quoted(value: string): string {
  if (/^[\w./:@%+=,-]*$/.test(value)) return value
  const quote = ["'", '"', '`'].find(each => !value.includes(each)) ?? "'"
  return `${quote}${value}${quote}`
}
