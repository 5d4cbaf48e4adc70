import { Failure } from '../core/failure.ts'
import type { Fetch } from './fetch.ts'
import type { Mask } from './mask.ts'

/** On whose behalf a request is made. */
export type Asker = { connector: string; account: string; stream: string }

/**
 * One try, as counted and logged; it holds no secret and no header. `bytes`: the body after decompression, as far as
 * its length is told. `code` stands where no answer came: that of the Failure, `aborted`, or `bug`.
 */
export type Note = Asker & { method: string; url: string; ms: number; bytes: number } & (
    | { status: number }
    | { code: string }
  )

/** Notes every try exactly once, when it has ended. Answers and errors pass unchanged. */
export function observe(fetch: Fetch, tools: { asker: Asker; note: (note: Note) => void; mask: Mask }): Fetch {
  const { asker, note, mask } = tools
  return async (request, options) => {
    const began = performance.now()
    const end = (result: { status: number; bytes: number } | { code: string; bytes: number }) => {
      const ms = performance.now() - began
      note({ ...asker, method: request.method, url: mask.url(request.url), ms, ...result })
    }
    const response = await fetch(request, options).catch(error => {
      end({ code: codeOf(error, request.signal), bytes: 0 })
      throw error
    })
    end({ status: response.status, bytes: Number(response.headers.get('content-length') ?? 0) })
    return response
  }
}

function codeOf(error: unknown, signal: AbortSignal): string {
  if (error instanceof Failure) return error.code
  return signal.aborted ? 'aborted' : 'bug'
}
