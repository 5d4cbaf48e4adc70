import { text as readAll } from 'node:stream/consumers'
import { Misuse } from '../core/failure.ts'
import { runStatement } from '../db/console.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printData } from './screen.ts'
import { table } from './text.ts'

/** `sluice sql [statement]`: one statement, read-only unless --write; without an argument it is read from stdin. */
export function sql(
  statement: string | undefined,
  { write = false, ...options }: Common & { write?: boolean },
): Promise<ExitCode> {
  return withApp(options, async ({ store }, screen) => {
    const answer = await runStatement(store, await textOf(statement), { write })
    if (screen.json) printData(screen, answer.rows)
    else if (answer.columns.length === 0) screen.out(`${answer.command} ${answer.count}`)
    else
      screen.data(
        table(
          answer.columns,
          answer.rows.map(row => answer.columns.map(name => cell(row[name]))),
        ),
      )
    return 0
  })
}

async function textOf(statement: string | undefined): Promise<string> {
  if (statement === undefined && process.stdin.isTTY)
    throw new Misuse('bad-sql', 'Which statement? sluice sql "select ..."')
  const text = statement ?? (await readAll(process.stdin))
  if (text.trim() === '') throw new Misuse('bad-sql', 'The statement is empty; write sluice sql "select ..."')
  return text
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
