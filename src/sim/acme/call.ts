import type * as sim from '../call.ts'
import type { List } from './world.ts'

/** One call as the vendor saw it. */
export type Call = sim.Call &
  List & {
    /** When the answer was sent or the connection broken, ms of the vendor's clock; null while it is open. */
    end: number | null
    /** The first record asked for. */
    cursor: number
  }

/** Which calls are meant: all that is given must agree. */
export type Match = Partial<Pick<Call, 'account' | 'method' | 'part' | 'cursor'>>
