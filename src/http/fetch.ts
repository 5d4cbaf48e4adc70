/** Request in, Response out. `deadline`: ms for this one try, body included. */
export type Fetch = (request: Request, options?: { deadline?: number }) => Promise<Response>

/** How long one try may take when nobody says otherwise, in ms. */
export const usualDeadline = 30_000
