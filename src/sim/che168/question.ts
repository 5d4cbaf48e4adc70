/** @returns null where there is no whole number. */
export function numberOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}
