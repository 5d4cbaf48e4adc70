import type { z } from 'zod'
import type { OptionMeta } from './option.ts'

/** What proves to a vendor who asks: the fields of the connector's `credentials`, as texts. */
export type Credentials = Readonly<Record<string, string>>

/**
 * Whose data it is and whose quota. The slug is what the user calls it, and never changes. Accounts that need no
 * credentials have none.
 */
export type Account = { slug: string; credentials: Credentials }

/** The account whose credentials stand in the environment and are not stored. */
export const unstored = 'default'

/** After so many days credentials are old: it is told until they are rotated. */
export const oldAfter = 90

/** What an account is called: it stands in addresses of settings, commands and tables. */
export const slugPattern = /^[a-z0-9][a-z0-9-]{0,40}$/

/** An account as people name it: `acme/main`. */
export function accountText(connector: string, slug: string): string {
  return `${connector}/${slug}`
}

/** One field of credentials: the variable it may be given by, what it is, and whether it may be seen. */
export type Field = { name: string; env?: string; about?: string; open: boolean; optional: boolean }

/** The fields of credentials in the order their connector declares them. */
export function fieldsOf(credentials: z.ZodObject): Field[] {
  return Object.entries(credentials.shape).map(([name, schema]) => {
    const field = schema as z.ZodType
    const { env, about, open = false } = (field.meta() ?? {}) as OptionMeta & { open?: boolean }
    const known = { ...(env ? { env } : {}), ...(about ? { about } : {}) }
    return { name, ...known, open, optional: field.safeParse(undefined).success }
  })
}

/** How many whole days ago a moment was. */
export function daysSince(moment: Date, now: Date): number {
  return Math.floor((now.getTime() - moment.getTime()) / 86_400_000)
}
