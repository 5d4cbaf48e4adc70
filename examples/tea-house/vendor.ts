const window = 10_000

/** The keys that the tea house has given out. */
const keys = ['leaf-and-bud-2026', 'second-flush-2026']

/** The tea house: 33 teas, twenty a page, for those who have a key; thirty questions of each key in any ten seconds. */
export function imitate({ now = Date.now }: { now?: () => number } = {}) {
  const lately = new Map<string, number[]>()
  const fetch = async (request: Request): Promise<Response> => {
    const key = request.headers.get('x-key') ?? ''
    if (!keys.includes(key)) return Response.json({ error: 'this key opens nothing here' }, { status: 401 })
    const asked = (lately.get(key) ?? []).filter(at => at > now() - window)
    if (asked.length >= 30) return Response.json({ error: 'one cup at a time' }, { status: 429 })
    lately.set(key, [...asked, now()])
    const { pathname, searchParams } = new URL(request.url)
    if (pathname !== '/teas') return Response.json({ error: 'we only have tea' }, { status: 404 })
    const page = Number(searchParams.get('page') ?? 1)
    return Response.json({ teas: shelf.slice((page - 1) * 20, page * 20), count: shelf.length })
  }
  return { fetch }
}

const shelf = Array.from({ length: 33 }, (_, nth) => ({
  id: nth + 1,
  name: `No. ${nth + 1}`,
  grams: 250 + ((nth * 137) % 900),
  price: `${4 + (nth % 9)}.${String((nth * 37) % 100).padStart(2, '0')}`,
  currency: 'EUR',
}))
