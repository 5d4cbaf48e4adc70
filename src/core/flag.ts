import type { z } from 'zod'
import { Misuse } from './failure.ts'
import type { OptionMeta } from './option.ts'
import { type Run, type Said, type Slice, sliceText } from './run.ts'
import { type Source, sourceOf } from './source.ts'
import type { PullStream } from './stream.ts'

/** A setting of a stream that a flag may give. */
type Flagged = { option: string; schema: z.ZodType; flag: string; parts: boolean }

/** The settings of a stream that flags may give. */
export function flaggedOf({ options }: Pick<PullStream, 'options'>): Flagged[] {
  return Object.entries(options.shape).flatMap(([option, field]) => {
    const schema = field as z.ZodType
    const { flag, parts = false } = (schema.meta() ?? {}) as OptionMeta
    return flag === undefined ? [] : [{ option, schema, flag, parts }]
  })
}

/**
 * A source with what flags say laid over its settings, each read by the stream's own schema. Those that only choose parts are
 * not kept with its runs: a run has its part.
 * @throws Misuse `bad-flag` when the stream has no such flag, or cannot use what was given
 */
export function withFlags(source: Source, said: Said | null | undefined): Source {
  if (!said) return source
  const { options, wrong } = read(source, said)
  if (wrong !== undefined) throw unusable(source, wrong)
  const known = flaggedOf(source.stream)
  const kept = Object.entries(said).filter(([flag]) => known.some(each => each.flag === flag && !each.parts))
  return { ...source, options: { ...source.options, ...options }, flags: Object.fromEntries(kept) }
}

/** The source of a run, with what its flags say. @throws Misuse as `sourceOf` and `withFlags` do */
export function sourceOfRun(sources: readonly Source[], run: Slice & Pick<Run, 'flags'>): Source {
  return withFlags(sourceOf(sources, run), run.flags)
}

/** The settings with which a run is worked on as far as its flags can be used: for telling of it, not for working. */
export function optionsOfRun(source: Source, { flags }: Pick<Run, 'flags'>): Source['options'] {
  return { ...source.options, ...read(source, flags ?? {}).options }
}

/** As it is typed: `--max-pages 5`. */
export function saidText(said: Said): string {
  return Object.entries(said)
    .map(([flag, text]) => `--${flag} ${text}`)
    .join(' ')
}

/** The settings that flags give, and what is wrong with the first of those that cannot be used. */
function read({ stream }: Source, said: Said): { options: Record<string, unknown>; wrong: string | undefined } {
  const options: Record<string, unknown> = {}
  const wrong: string[] = []
  const known = flaggedOf(stream)
  for (const [flag, text] of Object.entries(said)) {
    const found = known.filter(each => each.flag === flag)
    if (found.length === 0) wrong.push(`--${flag} ${text}, and there is no such flag here`)
    for (const { option, schema } of found) {
      const given = schema.safeParse(text)
      if (given.success) options[option] = given.data
      else wrong.push(`--${flag} ${text}, which ${given.error.issues[0]!.message}`)
    }
  }
  return { options, wrong: wrong[0] }
}

function unusable({ connector, account, stream }: Source, wrong: string): Misuse {
  const name = sliceText({ connector: connector.name, account, stream: stream.name, part: {} })
  const advice = 'say it anew with a flag that this program knows, or have one of the same version work on it'
  return new Misuse('bad-flag', `${name} was asked for with ${wrong}; ${advice}`)
}
