import { isThing, thingIn, thingsOf } from './json.ts'
import type { Notes } from './notes.ts'
import { type Spec, valueIn } from './spec.ts'
import { told } from './text.ts'

/** A piece of equipment. `mark` says whether the trim has it or may have it, where that is told. */
export type Option = { name: string; code?: string; group?: string; mark?: 'standard' | 'optional'; text?: string }

/** What the seller points out (extra.option) and, in tables of the web, what the trim has; each once. */
export function optionsOf(extra: unknown, { equipment, id }: Spec, notes: Notes): Option[] | undefined {
  const found = new Map<string, Option>()
  const shown = isThing(extra) ? thingIn(notes, 'option', extra.option) : undefined
  if (shown) {
    const more = thingsOf(shown.moreoptions).flatMap(({ opts }) => thingsOf(opts))
    for (const item of [...thingsOf(shown.displayopts), ...more]) add(found, told(item.optionname), told(item.optionid))
  }
  for (const { name: group, configitems } of thingsOf(equipment)) {
    for (const item of thingsOf(configitems)) mark(found, told(group), told(item.name), valueIn(item, id))
  }
  return found.size > 0 ? [...found.values()] : undefined
}

function add(found: Map<string, Option>, name: string | undefined, code: string | undefined): void {
  if (name !== undefined && !found.has(name)) found.set(name, code === undefined ? { name } : { name, code })
}

/** ● is standard, ○ is optional; "-" is absent, and left out like everything that says nothing. */
function mark(found: Map<string, Option>, group: string | undefined, name: string | undefined, text?: string): void {
  if (name === undefined || text === undefined) return
  const its = text.includes('●') ? 'standard' : text.includes('○') ? 'optional' : undefined
  found.set(`${group}\t${name}`, {
    ...{ name, ...(group === undefined ? {} : { group }) },
    ...(its === undefined ? {} : { mark: its }),
    ...(/^[●○]$/.test(text) ? {} : { text: text.replace(/\s+/g, ' ') }),
  })
}
