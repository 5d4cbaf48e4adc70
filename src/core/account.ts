/** Whose credentials a connector asks with, as limits see it. */
export type Account = { slug: string }
