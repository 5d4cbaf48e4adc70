import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { CsvError, type Options, parse } from 'csv-parse'
import { Misuse } from '../../core/failure.ts'

/** A record of a file, and the line it ends at. */
export type Line = { line: number; values: readonly string[] }

/** A record of more characters than this is none: a quote was opened and not closed. */
const largest = 64 * 1024

/**
 * The records of a CSV file (UTF-8, with a byte order mark or without; `;` or `,` between values, whichever the first line
 * has), one after the other, the header first. Only a piece of the file is in memory at any time.
 * @throws Misuse when the file cannot be read, is no UTF-8, or a quote in it is never closed
 */
export async function* linesOf(file: string): AsyncGenerator<Line> {
  const texts = decoded(file)
  const start = await texts.next()
  const first = start.done ? '' : start.value
  const parser = parse(optionsFor(first))
  pipeline(Readable.from(prepended(first, texts), { objectMode: false }), parser, () => undefined)
  let latest = 0
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      latest = info.lines
      yield { line: latest, values: record }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw unreadable(`${file}: a quote that is opened after line ${latest} is not closed; nothing of it was taken`)
  }
}

/** A quote in the middle of a value is a sign like others: the value tells whether it can be used. */
function optionsFor(first: string): Options<string[]> {
  const header = first.slice(0, first.search(/[\r\n]|$/))
  return {
    delimiter: header.includes(';') ? ';' : ',',
    record_delimiter: ['\r\n', '\n', '\r'],
    ...{ info: true, skip_empty_lines: true, relax_column_count: true, relax_quotes: true, max_record_size: largest },
  }
}

async function* prepended(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first
  yield* rest
}

async function* decoded(file: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const piece of createReadStream(file)) yield decoder.decode(piece as Buffer, { stream: true })
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError) throw unreadable(`${file} is no UTF-8; save it as "CSV UTF-8" and import it again`)
    throw new Misuse('no-import', `${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function unreadable(text: string): Misuse {
  return new Misuse('bad-import', text)
}
