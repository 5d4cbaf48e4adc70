import type { PullStream } from '../core/stream.ts'
import type { Flaw } from './flaw.ts'
import type { Kit } from './kit.ts'
import type { Sight } from './survey.ts'

/** A look at the connector as a whole. `says` is the sentence that holds of a right one. */
export type Whole = { says: string; look(kit: Kit): Promise<Flaw[]> }

/** A look at one stream, in whatever world it needs; `of` says which streams it is about, where it is not about all. */
export type Each = {
  says: string
  of?(stream: PullStream): boolean
  each(kit: Kit, stream: PullStream): Promise<Flaw[]>
}

/** A look at what one crawl of a stream showed. */
export type Shown = { says: string; sight(sight: Sight, kit: Kit): Flaw[] | Promise<Flaw[]> }

/** Something that holds of every right connector, or of each of its streams. */
export type Check = Whole | Each | Shown
