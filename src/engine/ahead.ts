/** The same, one at a time, with the next one on its way while the one before is dealt with. */
export async function* ahead<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  const items = source[Symbol.asyncIterator]()
  const ask = () => {
    const item = items.next()
    // Whoever is not there any more to hear of its failure does not need to.
    item.catch(() => undefined)
    return item
  }
  let next = ask()
  for (;;) {
    const { value, done } = await next
    if (done) return
    next = ask()
    yield value
  }
}
