/** Encoded pages by key; when they hold more than so many bytes, those not asked for the longest time go. */
export type Cache = {
  get(key: string): Uint8Array | undefined
  set(key: string, page: Uint8Array): void
  clear(): void
}

export function cacheOf(maxBytes: number): Cache {
  const pages = new Map<string, Uint8Array>()
  let bytes = 0

  const drop = (key: string, page: Uint8Array) => {
    pages.delete(key)
    bytes -= page.byteLength
  }

  return {
    get(key) {
      const page = pages.get(key)
      if (page === undefined) return undefined
      pages.delete(key)
      pages.set(key, page)
      return page
    },
    set(key, page) {
      pages.set(key, page)
      bytes += page.byteLength
      for (const [oldest, old] of pages) {
        if (bytes <= maxBytes) return
        drop(oldest, old)
      }
    },
    clear() {
      pages.clear()
      bytes = 0
    },
  }
}
