const minute = 60_000

/**
 * The bakery's API as its description has it: pages of changes, and 60 calls in each minute of the clock. `now` is the time
 * (epoch ms) by which it counts them.
 */
export function imitate({ now = Date.now }: { now?: () => number } = {}) {
  const calls = new Map<number, number>()
  const fetch = async (request: Request): Promise<Response> => {
    const window = Math.floor(now() / minute)
    calls.set(window, (calls.get(window) ?? 0) + 1)
    if (calls.get(window)! > 60) return Response.json({ error: 'slow down' }, { status: 429 })
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== '/v1/orders') return Response.json({ error: 'no such thing' }, { status: 404 })
    const [after, limit] = [Number(searchParams.get('after')), Number(searchParams.get('limit'))]
    const orders = changesOf(searchParams.get('shop') ?? '').slice(after, after + limit)
    return Response.json({ orders, next: after + orders.length })
  }
  return { fetch }
}

/** 110 orders are baked; then every tenth is sold, and with that changed. */
function changesOf(shop: string) {
  const baked = Array.from({ length: 110 }, (_, nth) => orderOf(shop, nth + 1, 1))
  return [...baked, ...baked.filter(({ id }) => id % 10 === 0).map(({ id }) => orderOf(shop, id, 2))]
}

function orderOf(shop: string, id: number, version: number) {
  const placed = Date.UTC(2026, 0, 1, 6, 15 * id)
  return {
    id,
    version,
    placed_at: new Date(placed).toISOString(),
    state: version > 1 ? 'sold' : 'baking',
    total: `${3 + (id % 7)}.${10 + (id % 90)}`,
    currency: 'EUR',
    buyer: { name: `Buyer ${id} of ${shop}`, phone: `+49 30 5550${String(id).padStart(3, '0')}` },
  }
}
