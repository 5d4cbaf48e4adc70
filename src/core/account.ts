/** What proves to a vendor who asks: the fields of the connector's `credentials`, as texts. */
export type Credentials = Readonly<Record<string, string>>

/**
 * Whose data it is and whose quota. The slug is what the user calls it, and never changes. Accounts that need no
 * credentials have none.
 */
export type Account = { slug: string; credentials: Credentials }
