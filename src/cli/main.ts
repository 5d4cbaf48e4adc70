import { CommanderError } from 'commander'
import { builtIn, knownConnectors } from '../app/connectors.ts'
import { conceal } from '../core/conceal.ts'
import { Failure, Misuse } from '../core/failure.ts'
import { type ExitCode, toldOf } from './command.ts'
import { type Known, programOf } from './program.ts'
import { printLine } from './screen.ts'

/** Runs the command line and says with which code the process shall end. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = 0
  const program = programOf(await connectorsHere(), result => {
    code = result
  })
  process.on('uncaughtException', error => process.exit(explain(error, argv.includes('--json'))))
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    return explain(error, argv.includes('--json'))
  }
}

/** Whatever is wrong with the settings is told by the command that needs them, and `--help` needs none. */
async function connectorsHere(): Promise<Known> {
  try {
    return { connectors: await knownConnectors({ folder: process.cwd(), env: process.env }), isBroken: false }
  } catch {
    return { connectors: builtIn, isBroken: true }
  }
}

/** One place says what went wrong: a sentence for people, or `{"error": …}` with --json. */
function explain(error: unknown, json: boolean): ExitCode {
  if (error instanceof CommanderError) return refuse(error, json)
  const message = error instanceof Error ? error.message : String(error)
  if (json) printError(error instanceof Failure ? error.code : 'bug', message)
  printLine('error', toldOf(error))
  return error instanceof Misuse ? 2 : 1
}

/** What was typed is no command line of ours, which commander has said already; or it was help that was asked for. */
function refuse({ exitCode, message }: CommanderError, json: boolean): ExitCode {
  if (exitCode === 0) return 0
  if (json) printError('usage', message.replace(/^error: /, ''))
  return 2
}

function printError(code: string, message: string): void {
  process.stdout.write(`${JSON.stringify({ error: { code, message: conceal(message) } })}\n`)
}
