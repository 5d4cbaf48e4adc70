import type { z } from 'zod'
import type { Rules } from './limit.ts'
import type { Part } from './part.ts'
import type { Pull, Shape, Steps } from './stream.ts'

/**
 * Begins a connector: its name and limits. `pull` then takes a stream in two calls, the shape first and the steps
 * second, so that every type of the steps is inferred from the shape: a wrong limit, key, newer column, record, cursor
 * or part field does not compile.
 */
export function vendor<const R extends Rules>(name: string, limits: R) {
  return {
    name,
    limits,
    pull:
      <P extends Part, Cursor, Vendor, Options extends z.ZodObject>(
        shape: Shape<keyof R & string, P, Cursor, Vendor, Options>,
      ) =>
      <Row extends Record<string, unknown>>(
        steps: Steps<P, Cursor, Vendor, Row, z.output<Options>>,
      ): Pull<keyof R & string, P, Cursor, Vendor, Row, Options> => ({ kind: 'pull', ...shape, ...steps }),
  }
}
