import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Transient } from '../../core/failure.ts'
import type { Answer, Question } from './message.ts'

/** The reader as the main thread sees it. */
export type Thread = {
  /** @throws Transient when the reader dies before it has answered, or is dead. */
  ask(question: Question, memory?: ArrayBuffer[]): Promise<Answer>
  /** Says something that has no answer. */
  tell(question: Question): void
  /** Ends it; the bodies it holds are lost. */
  end(): Promise<unknown>
}

/**
 * The most that the reader's own objects may take, in MB; bodies lie outside of its heap. It is a second line of defence:
 * V8 ends the whole process when a single object goes beyond it, so whatever the reader builds is bounded by itself.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 96 }

let running: Thread | undefined

/** The one reader of this process, which starts when it is first needed, and anew after it has died. */
export function reader(): Thread {
  running ??= start(() => {
    running = undefined
  })
  return running
}

/** Its file is beside this one, as source and compiled alike. It needs nothing of the environment, where secrets are. */
function start(onDeath: () => void): Thread {
  const file = new URL(`worker${extname(import.meta.url)}`, import.meta.url)
  const worker = new Worker(file, { resourceLimits, execArgv: [], env: {}, name: 'reader' })
  const waiting = new Map<number, PromiseWithResolvers<Answer>>()
  let death: Transient | undefined
  let cause: unknown
  worker.unref()
  worker.on('message', (answer: Answer) => settle(answer.id)?.resolve(answer))
  worker.on('error', error => {
    cause = error
  })
  worker.on('exit', () => {
    death = new Transient('reader-died', `the thread that reads large answers has died${reasonOf(cause)}`, { cause })
    onDeath()
    for (const id of [...waiting.keys()]) settle(id)!.reject(death)
  })
  return { ask, tell: question => worker.postMessage(question), end: () => worker.terminate() }

  /** A thread that is asked something keeps the process alive until it has answered. */
  async function ask(question: Question, memory: ArrayBuffer[] = []): Promise<Answer> {
    if (death) throw death
    worker.postMessage(question, memory)
    const pending = Promise.withResolvers<Answer>()
    if (waiting.size === 0) worker.ref()
    waiting.set(question.id, pending)
    return pending.promise
  }

  function settle(id: number): PromiseWithResolvers<Answer> | undefined {
    const pending = waiting.get(id)
    waiting.delete(id)
    if (waiting.size === 0) worker.unref()
    return pending
  }
}

/** Only the kind of error is told: its message may quote what was read. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return ''
  return ` (${'code' in cause ? cause.code : cause.name})`
}
