import type { z } from 'zod'
import type { Answer, Ask } from './ask.ts'
import type { Auth } from './auth.ts'
import type { Fault, FaultyAnswer } from './fault.ts'
import type { Rules } from './limit.ts'
import type { PullStream } from './stream.ts'

/** One vendor: how to reach it, its limits, its streams. Data and pure functions: it is asked, it answers. */
export type Connector = {
  name: string
  /** The vendor's name as people write it. */
  title: string
  /** The account that needs no credentials; a vendor that asks for them has none. */
  account?: string
  /** What an account has to show, all of it texts; `.meta({ env, about, open: true })` names a field, and says that it is no secret. */
  credentials?: z.ZodObject
  /** How requests say whose they are; not at all without it. */
  auth?: Auth
  limits: Rules
  /** Settings of the whole connector; `base_url` is among them. */
  options: z.ZodObject
  /** The vendor's one word on errors; undefined leaves the judgement to the status code. */
  fault(answer: FaultyAnswer): Fault | undefined
  /** How long the first try of a question may take, in ms; 30 s without it. */
  deadline?(settings: Readonly<Record<string, unknown>>): number
  /** A cheap question that shows whether the vendor answers and takes our credentials, and what time it has. */
  probe?: { ask: Ask; limit: Readonly<Record<string, number>>; clock?(answer: Answer): Date }
  streams: readonly PullStream[]
  /** The folder with the numbered SQL of this connector's schema. */
  migrations: string
}
