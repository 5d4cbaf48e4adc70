import { closest, distance } from 'fastest-levenshtein'
import type { z } from 'zod'
import { Misuse } from '../core/failure.ts'
import type { Given, Option } from './schema.ts'

type Evidence = { given: readonly Given[]; options: readonly Option[]; locate(path: readonly PropertyKey[]): string }

/** Turns what the settings' schema says into one message that names the place and the way out. */
export function blame(error: z.ZodError, evidence: Evidence): Misuse {
  const issue = error.issues[0]!
  return issue.code === 'unrecognized_keys'
    ? unknownKey(issue.path, issue.keys[0]!, evidence)
    : badValue(issue, evidence)
}

/** Names that settings once had, and what they are called now. */
const renamed: Readonly<Record<string, string>> = { log_level: 'level in the section log (log: {level: …})' }

function unknownKey(path: readonly PropertyKey[], key: string, { options, locate }: Evidence): Misuse {
  const known = new Set(
    options.filter(option => startsWith(option.path, path)).map(option => option.path[path.length]!),
  )
  const near = closest(key, [...known])
  const isNear = distance(key, near) <= Math.max(2, key.length / 3)
  const guess = isNear ? `did you mean "${near}"?` : `known here: ${[...known].join(', ')}`
  const now = path.length === 0 ? renamed[key] : undefined
  const hint = now === undefined ? `; ${guess}` : `; it is now ${now}`
  const section = path.length > 0 ? ` in ${path.join('.')}` : ''
  return new Misuse('unknown-setting', `${locate([...path, key])}: there is no setting "${key}"${section}${hint}`)
}

function badValue(issue: z.core.$ZodIssue, { given, options, locate }: Evidence): Misuse {
  const option = options.find(each => startsWith(issue.path as string[], each.path))
  const named = given.findLast(each => each.path.join('.') === option?.path.join('.'))
  const where = named?.where ?? locate(issue.path)
  const name = (option?.path ?? issue.path).join('.')
  const about = option?.about ? ` (${name}: ${option.about})` : ''
  return new Misuse('bad-setting', `${where}: ${textOf(issue, named?.value)}${about}`)
}

function textOf(issue: z.core.$ZodIssue, value: unknown): string {
  const text = issue.code === 'invalid_value' ? `knows only ${issue.values.join(', ')}` : issue.message
  return value === undefined ? text : `"${String(value)}" cannot be used: ${text}`
}

function startsWith(path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean {
  return start.every((name, place) => path[place] === name)
}
