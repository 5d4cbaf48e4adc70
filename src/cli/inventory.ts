import type { Command } from 'commander'
import { Misuse } from '../core/failure.ts'
import { importStock, type Report } from '../models/inventory/import.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { counted } from './text.ts'

/** `sluice inventory …`: the shared table of stock. */
export function inventoryCommand(program: Command, ended: (code: ExitCode) => void): void {
  const group = program.command('inventory').description('the shared table of stock: import')
  group
    .command('import <file>')
    .description('stock from a CSV file, as the source Manual')
    .option('--account <account>', 'the account its rows are given', 'manual')
    .option('--json', 'machine-readable output')
    .action(async (file, options) => ended(await importFile(file, options)))
}

function importFile(file: string, options: Common & { account: string }): Promise<ExitCode> {
  const { account } = options
  if (!/^[a-z0-9][a-z0-9-]{0,40}$/.test(account))
    throw new Misuse('bad-flag', `--account ${account} is no name; take 1 to 41 lower-case letters, digits and -`)
  return withApp(options, async ({ store }, screen) => {
    const report = await importStock(store, { file, account })
    if (screen.json) printJson(screen, report)
    else tell(screen, report)
    return codes[report.status]
  })
}

const codes = { success: 0, partial: 3, failed: 1 } as const

function tell(screen: Screen, { file, status, error, warnings, errors, ...report }: Report): void {
  const { records, good, bad, inserted, changed, unchanged } = report
  const rows = `${counted(inserted)} new, ${counted(changed)} changed, ${counted(unchanged)} as they were`
  for (const { line, reason, record } of errors) screen.err(`[ERROR] ${file}, line ${line}: ${reason}: ${record}`)
  if (bad > errors.length)
    screen.err(`[ERROR] ${counted(bad - errors.length)} more lines are no rows; all are in inventory.rejected`)
  for (const { reason, times } of warnings) screen.err(`[WARN] ${reason} (${counted(times)} times)`)
  if (status === 'failed') screen.err(`[ERROR] Nothing of ${file} was taken: ${error}`)
  else screen.out(`${file}: ${counted(good)} of ${counted(records)} lines taken: ${rows}.`)
}
