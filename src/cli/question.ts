import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { Misuse } from '../core/failure.ts'

/** Whether somebody is there to be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** Asks on the terminal for a text that is not shown while it is typed. Questions go to stderr: stdout is for results. */
export function askHidden(question: string): Promise<string> {
  return ask(question, new Writable({ write: (_chunk, _encoding, done) => done() }))
}

/** Asks for a text that may be seen. */
export function askOpen(question: string): Promise<string> {
  return ask(question, process.stderr)
}

async function ask(question: string, output: Writable): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: true })
  const left = new AbortController()
  lines.on('SIGINT', () => left.abort()).on('close', () => left.abort())
  process.stderr.write(question)
  try {
    return (await lines.question('', { signal: left.signal })).trim()
  } catch {
    throw new Misuse('cancelled', 'Nothing was changed, since the question was not answered')
  } finally {
    lines.close()
    if (output !== process.stderr) process.stderr.write('\n')
  }
}
