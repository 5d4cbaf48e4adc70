import { isCancel, multiselect, password, select, text } from '@clack/prompts'
import { Misuse } from '../core/failure.ts'

/** Questions stand on stderr: stdout is for results. */
const output = process.stderr

/** Whether somebody is there to be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true && process.env.TERM !== 'dumb'
}

/** Somebody who leaves with Ctrl-C or Esc wants nothing to happen. */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Misuse('cancelled', 'Nothing was written, since the questions were not answered')
  return answer as Exclude<T, symbol>
}

/** Which of several, one at least; all of them are marked to begin with. */
export async function askSome(message: string, options: { value: string; label: string }[]): Promise<string[]> {
  const initialValues = options.map(({ value }) => value)
  return answered(await multiselect({ message, options, initialValues, required: true, output }))
}

/** One of several; the first is marked to begin with. */
export async function askOne(message: string, options: { value: string; label: string }[]): Promise<string> {
  return answered(await select({ message, options, output }))
}

/** A text that `wrong` finds nothing wrong with. */
export async function askText(
  message: string,
  placeholder: string,
  wrong: (given: string) => string | undefined,
): Promise<string> {
  return answered(await text({ message, placeholder, validate: given => wrong(given ?? ''), output }))
}

/** A secret: what is typed is not shown. It may be empty. */
export async function askSecret(message: string): Promise<string> {
  return answered(await password({ message, output })) ?? ''
}
