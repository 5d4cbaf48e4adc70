/** One way to have many small things done by way of a queue. */
export type Way = {
  /** Hands over so many runs at once and waits until all are done. Returns ms. */
  load(count: number): Promise<number>
  /** Hands over one run while nothing else happens. Returns the ms until a worker has it. */
  latency(): Promise<number>
  close(): Promise<void>
}

/** Counts what is done, and tells when it is enough. */
export function tally(): { done(): void; reached(count: number): Promise<void> } {
  let [count, enough] = [0, Number.POSITIVE_INFINITY]
  let tell = () => {}
  return {
    done: () => {
      if (++count === enough) tell()
    },
    reached: wanted => {
      ;[count, enough] = [0, wanted]
      return new Promise(resolve => {
        tell = resolve
      })
    },
  }
}
