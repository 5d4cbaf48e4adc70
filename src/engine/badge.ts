import { accountText } from '../core/account.ts'
import { Paused } from '../core/failure.ts'
import { findSource, type Source } from '../core/source.ts'
import type { Asker } from './engine.ts'
import { gone, tokensOf } from './renew.ts'

/** How the requests of an account say whose they are. */
export type Badge = {
  /** The headers of the next request. @throws Paused when nothing may be asked for the account, and what renewing throws */
  headers(): Promise<Readonly<Record<string, string>>>
  /** What the next request has in its address for that. @throws the same */
  query?(): Readonly<Record<string, string>>
  /** After a 401: whether there are other tokens now, so that it is worth asking once more. */
  renewed(): Promise<boolean>
}

/** The badge of a source; undefined where the vendor wants none. It follows what becomes of the account meanwhile. */
export function badgeOf(tools: Asker, source: Source): Badge | undefined {
  const { auth } = source.connector
  if (!auth || source.account === source.connector.account) return undefined
  if (auth.kind === 'fixed') {
    const headers = async () => {
      const { credentials, settings } = present(tools, source)
      return auth.headers(credentials, settings)
    }
    const query = () => {
      const { credentials, settings } = present(tools, source)
      return auth.query?.(credentials, settings) ?? {}
    }
    return { headers, renewed: async () => false, ...(auth.query ? { query } : {}) }
  }
  let used: string | undefined
  return {
    headers: async () => {
      const held = (await tokensOf(tools, present(tools, source), auth))!
      used = held.version
      return auth.headers(held.tokens, held.credentials)
    },
    renewed: async () =>
      used !== undefined && (await tokensOf(tools, present(tools, source), auth, used)) !== undefined,
  }
}

/** The source as it is now: its credentials may have been rotated, its account paused or removed since the run began. */
function present({ sources }: Asker, source: Source): Source {
  if (sources === undefined) return source
  const { connector, account, stream } = source
  const now = findSource(sources, { connector: connector.name, account, stream: stream.name })
  if (!now) throw gone(accountText(connector.name, account))
  if (now.held) throw new Paused(now.held.code, now.held.message)
  return now
}
