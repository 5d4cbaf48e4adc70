/**
 * The grammar of JSON (RFC 8259) as a table: for each state and each byte, what comes next. It takes exactly what
 * `JSON.parse` takes, but for two things that need memory and are left to who reads by it: which kind of bracket is
 * open, and what follows a value.
 *
 *   start     before the answer; a byte order mark may come
 *   value     a value must come
 *   item      after `[`: a value or `]`
 *   member    after `{`: a key or `}`
 *   key       after a comma in an object: a key
 *   name      inside a key
 *   colon     after a key
 *   text      inside a string
 *   after     after a value
 */
const names = [
  ...['start', 'mark2', 'mark3', 'value', 'item', 'member', 'key', 'colon', 'after'],
  ...['name', 'nameEscape', 'nameHex1', 'nameHex2', 'nameHex3', 'nameHex4'],
  ...['text', 'textEscape', 'textHex1', 'textHex2', 'textHex3', 'textHex4'],
  ...['minus', 'zero', 'whole', 'point', 'fraction', 'e', 'sign', 'exponent'],
  ...['t', 'tr', 'tru', 'f', 'fa', 'fal', 'fals', 'n', 'nu', 'nul'],
] as const
type Name = (typeof names)[number]

/** A state's number. */
export const state = Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>

/** What a byte asks for beside a new state. */
export const act = {
  nothing: 0,
  refuse: 1,
  openObject: 2,
  openList: 3,
  closeObject: 4,
  closeList: 5,
  comma: 6,
  named: 7,
}

/** An entry of the table is a state in its lower bits, and above them an act. */
export const [stateBits, stateMask] = [6, 63]

/** Row by state, column by byte. */
export const table: Uint16Array = new Uint16Array(names.length * 256).fill(act.refuse << stateBits)

const space = ' \t\n\r'
const digits = '0123456789'
const hex = `${digits}abcdefABCDEF`

function rule(from: Name, bytes: string | Iterable<number>, to: Name, what = act.nothing): void {
  const codes = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
  for (const code of codes) table[(state[from] << 8) | code] = (what << stateBits) | state[to]
}

for (const from of ['start', 'value', 'item'] as const) {
  rule(from, space, from)
  rule(from, '"', 'text')
  rule(from, '-', 'minus')
  rule(from, '0', 'zero')
  rule(from, '123456789', 'whole')
  rule(from, '{', 'member', act.openObject)
  rule(from, '[', 'item', act.openList)
  for (const word of ['true', 'false', 'null']) spell(from, word)
}
rule('start', [0xef], 'mark2')
rule('mark2', [0xbb], 'mark3')
rule('mark3', [0xbf], 'value')
rule('item', ']', 'after', act.closeList)

for (const from of ['member', 'key'] as const) {
  rule(from, space, from)
  rule(from, '"', 'name')
}
rule('member', '}', 'after', act.closeObject)
rule('colon', space, 'colon')
rule('colon', ':', 'value')

quoted('name', 'colon', act.named)
quoted('text', 'after', act.nothing)

rule('minus', '0', 'zero')
rule('minus', '123456789', 'whole')
rule('whole', digits, 'whole')
rule('point', digits, 'fraction')
rule('fraction', digits, 'fraction')
rule('e', '+-', 'sign')
for (const from of ['e', 'sign', 'exponent'] as const) rule(from, digits, 'exponent')
for (const from of ['zero', 'whole'] as const) rule(from, '.', 'point')
for (const from of ['zero', 'whole', 'fraction'] as const) rule(from, 'eE', 'e')

/** A number has no end of its own: what follows it ends it. */
for (const from of ['zero', 'whole', 'fraction', 'exponent', 'after'] as const) {
  rule(from, space, 'after')
  rule(from, ',', 'after', act.comma)
  rule(from, '}', 'after', act.closeObject)
  rule(from, ']', 'after', act.closeList)
}

/** Whether the text may end here, all brackets being closed. */
export function isEnd(last: number): boolean {
  return [state.zero, state.whole, state.fraction, state.exponent, state.after].includes(last)
}

/** A string: no control characters, and only the escapes there are. Bytes over 127 are read as UTF-8 later. */
function quoted(inside: 'name' | 'text', after: Name, what: number): void {
  const plain = Array.from({ length: 256 }, (_, code) => code).filter(code => code >= 32)
  rule(inside, plain, inside)
  rule(inside, '"', after, what)
  rule(inside, '\\', `${inside}Escape`)
  rule(`${inside}Escape`, '"\\/bfnrt', inside)
  rule(`${inside}Escape`, 'u', `${inside}Hex1`)
  rule(`${inside}Hex1`, hex, `${inside}Hex2`)
  rule(`${inside}Hex2`, hex, `${inside}Hex3`)
  rule(`${inside}Hex3`, hex, `${inside}Hex4`)
  rule(`${inside}Hex4`, hex, inside)
}

/** The states within a word are called by what was read of it. */
function spell(from: Name, word: string): void {
  rule(from, word[0]!, word[0] as Name)
  for (let length = 1; length < word.length; length++) {
    const next = length + 1 === word.length ? 'after' : (word.slice(0, length + 1) as Name)
    rule(word.slice(0, length) as Name, word[length]!, next)
  }
}
