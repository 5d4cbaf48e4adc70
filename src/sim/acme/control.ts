import * as sim from '../control.ts'
import type { Vendor } from '../serve.ts'
import type { Acme } from './acme.ts'

/**
 * The vendor with a back door (see ../control.ts), whose log is asked for otherwise than elsewhere:
 *
 *   GET    calls          the log; ?from=<id> leaves out what came before
 */
export function control(acme: Acme): Vendor {
  return sim.control(acme, {
    'GET calls': ({ query }) => acme.calls.slice(Number(query.get('from') ?? 1) - 1),
  })
}
