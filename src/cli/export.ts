import { extname } from 'node:path'
import type { App } from '../app/app.ts'
import { Misuse } from '../core/failure.ts'
import type { Range } from '../core/range.ts'
import type { Source } from '../core/source.ts'
import { isRanged } from '../core/stream.ts'
import { exportTable, type Wish } from '../db/export.ts'
import { type Common, type ExitCode, rangeOf, withApp } from './command.ts'
import { fileOutput, type Output, standardOutput } from './output.ts'
import { printJson, screenLog } from './screen.ts'
import { onStop } from './stop.ts'
import { counted } from './text.ts'

type Options = Common & { format?: string; output?: string; columns?: string; from?: string; to?: string }

/** `sluice export <name>`: a table, or that of a stream, as CSV or NDJSON to stdout or into a file. */
export function exportRows(name: string, options: Options): Promise<ExitCode> {
  const { json, output } = options
  const [format, range] = [formatOf(options), rangeOf(options)]
  if (json && output === undefined)
    throw new Misuse('bad-flag', '--json tells what was written to a file; add --output <file> (stdout holds the data)')
  return withApp(options, async (app, screen) => {
    const wish = { ...wishOf(app, name, range), format, columns: namesOf(options.columns) }
    const open = async () => (output === undefined ? standardOutput() : fileOutput(output))
    const { exported, bytes, stopped } = await write(app, wish, open)
    if (stopped) {
      screenLog(screen, 'info')('info', `Stopped before the end.${output ? ` ${output} was not written.` : ''}`)
      return 3
    }
    if (!exported.whole || output === undefined) return 0
    if (json) printJson(screen, { rows: exported.rows, bytes, file: output })
    else screen.out(`${counted(exported.rows)} rows, ${counted(bytes)} bytes: ${output}`)
    return 0
  })
}

/** Writes all of it, or, when it fails or the user stops it, leaves nothing. */
async function write({ store }: App, wish: Wish, open: () => Promise<Output>) {
  const stopped = new AbortController()
  const stopping = onStop(async () => stopped.abort())
  let target: Output | undefined
  try {
    target = await open()
    const exported = await exportTable(store, wish, target.take, stopped.signal)
    if (exported.whole) return { exported, bytes: await target.keep(), stopped: false }
    target.drop()
    return { exported, bytes: 0, stopped: stopping.asked() }
  } catch (error) {
    target?.drop()
    throw error
  } finally {
    stopping.end()
  }
}

/** The table of a stream, or the table of that name; only a stream says which of its columns is the time of a row. */
function wishOf({ sources }: App, name: string, { from, to }: Partial<Range>): Omit<Wish, 'format'> {
  const stream = sources.find(source => isOf(source, name))?.stream
  const table = stream?.table ?? name
  if (!from && !to) return { table }
  if (!stream || !isRanged(stream))
    throw new Misuse(
      'bad-range',
      `No stream says what the time of a row of ${name} is; leave --from and --to out, or use sluice sql`,
    )
  return { table, within: { column: stream.time, ...(from ? { from } : {}), ...(to ? { to } : {}) } }
}

function isOf({ connector, stream }: Source, name: string): boolean {
  return name === `${connector.name}.${stream.name}` || name === stream.table
}

const endings: Readonly<Record<string, Wish['format']>> = { '.csv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson' }

/** As it is asked for, or as the file's ending says, or CSV. */
function formatOf({ format, output = '' }: Options): Wish['format'] {
  if (format === 'csv' || format === 'ndjson') return format
  if (format !== undefined) throw new Misuse('bad-flag', `--format ${format} is not known; known: csv, ndjson`)
  return endings[extname(output).toLowerCase()] ?? 'csv'
}

function namesOf(columns: string | undefined): string[] | undefined {
  const names = columns?.split(',').map(name => name.trim())
  return names && [...new Set(names.filter(name => name !== ''))]
}
