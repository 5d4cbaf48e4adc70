import { setImmediate as turn } from 'node:timers/promises'
import { CsvError, type Parser, parse } from 'csv-parse'
import { BadPage } from '../../core/failure.ts'
import type { Format } from '../../core/format.ts'
import type { Pieces } from '../body.ts'
import type { Shelf } from './message.ts'
import { packer } from './pack.ts'
import { bytesOf, type Span, spanOf } from './span.ts'

type Csv = Extract<Format, { kind: 'csv' }>

/**
 * What reading has come to. `line`: where the next record begins, counted from 1. `pending`: about how many characters
 * were read since the last record.
 */
type Table = { header: string[] | undefined; line: number; pending: number; add(record: string): void }

/** A record of more than this is none: a quote was opened and not closed. What is larger is not even tried. */
const largest = 1024 * 1024

/** How much is parsed before others have their turn, in bytes. */
const stride = 64 * 1024

/**
 * Reads CSV (RFC 4180) to its end and packs its records, giving up the body on the way: the packed records, lists of
 * texts without names, take about the same memory. Values are kept as they stand, spaces and apostrophes included; only
 * the names of the header are trimmed. Line ends are CRLF, LF or CR. Blank lines mean nothing, except in a table of one
 * column.
 * @throws BadPage with the line, when the text is not in its encoding, when a quote is out of place, or when a record has
 * more or fewer values than the header has names.
 */
export async function scanCsv(pieces: Pieces, format: Csv): Promise<Shelf> {
  const span = spanOf(pieces)
  const { add, shelf } = packer()
  const table: Table = { header: undefined, line: 1, pending: 0, add }
  try {
    await readAll(table, span, format)
  } catch (error) {
    throw error instanceof CsvError ? blame(error, table) : error
  }
  if (!table.header) throw bad('it has no first line that names its columns')
  return shelf(table.header)
}

async function readAll(table: Table, span: Span, format: Csv): Promise<void> {
  if (isArchive(span))
    throw bad('it begins with PK, as a ZIP archive or an XLSX workbook does: ask for CSV, or declare it as zip')
  const parser = parserOf(format, record => take(table, record))
  const decoder = new TextDecoder(format.encoding, { fatal: true })
  let offset = 0
  for (const piece of span.pieces()) {
    for (let at = 0; at < piece.byteLength; at += stride) {
      await feed(parser, decode(decoder, piece.subarray(at, at + stride), table), table)
      await turn()
    }
    offset += piece.byteLength
    span.release(offset)
  }
  await feed(parser, decode(decoder, undefined, table), table)
  await finish(parser)
}

/** Workbooks are archives, too, and each begins with the header of its first file (APPNOTE.TXT, 4.3.7). */
function isArchive(span: Span): boolean {
  const start = bytesOf(span, 0, Math.min(4, span.size))
  return Buffer.from('PK\x03\x04').equals(start)
}

/** How many values a record has is our own look-out, which blank lines pass. */
function parserOf({ delimiter = ',', quote = '"' }: Csv, take: (record: string[]) => void): Parser {
  const mark = quote === '' ? null : quote
  const parser = parse({
    delimiter,
    quote: mark,
    escape: mark,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    on_record: (record: string[]) => {
      take(record)
      return null
    },
  })
  return parser.on('error', () => undefined)
}

/** Hands a text on, and waits until it is parsed. */
async function feed(parser: Parser, text: string, table: Table): Promise<void> {
  if (text === '') return
  table.pending += text.length
  await new Promise<void>((done, fail) => parser.write(text, error => (error ? fail(error) : done())))
  if (table.pending <= largest) return
  throw bad(
    `the record that begins at line ${table.line} is larger than the ${largest} bytes we take: is a quote open?`,
  )
}

async function finish(parser: Parser): Promise<void> {
  await new Promise<void>((done, fail) => parser.end((error?: Error | null) => (error ? fail(error) : done())))
}

/** The next text; without a piece, what is left at the end. A byte order mark is dropped. */
function decode(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array | undefined, { line }: Table): string {
  try {
    return decoder.decode(piece, { stream: piece !== undefined })
  } catch {
    throw bad(`some bytes after line ${line} are no ${decoder.encoding}: declare its encoding`)
  }
}

function take(table: Table, record: string[]): void {
  const { header, line } = table
  const text = JSON.stringify(record)
  table.pending = 0
  table.line += 1 + lineEnds(record, text)
  if (!header) {
    table.header = named(record)
  } else if (record.length === header.length) {
    table.add(text)
  } else if (record.length !== 1 || record[0] !== '') {
    throw bad(`line ${line} has ${record.length} values, and the header names ${header.length} columns`)
  }
}

/** Line ends inside of quotes: nearly always none, which the record's JSON shows at a glance. */
function lineEnds(record: readonly string[], text: string): number {
  if (!text.includes('\\n') && !text.includes('\\r')) return 0
  return record.reduce((sum, value) => sum + value.split(/\r\n|\n|\r/).length - 1, 0)
}

/** @throws BadPage when two columns have the same name, or none has one. */
function named(record: readonly string[]): string[] {
  const names = record.map(name => name.trim())
  if (names.every(name => name === '')) throw bad('line 1 names no column')
  const seen = new Map<string, number>()
  for (const [index, name] of names.entries()) {
    const before = seen.get(name)
    if (before !== undefined) throw bad(`line 1 gives columns ${before + 1} and ${index + 1} the same name`)
    seen.set(name, index)
  }
  return names
}

const faults: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is not closed',
  CSV_INVALID_CLOSING_QUOTE: 'something stands between a closing quote and the next delimiter',
  INVALID_OPENING_QUOTE: 'a quote stands inside a value that has none around it',
}

/** The parser's own messages are not told: they quote the body. */
function blame({ code }: CsvError, { line }: Table): BadPage {
  return bad(`in the record that begins at line ${line}, ${faults[code] ?? code}`)
}

function bad(why: string): BadPage {
  return new BadPage('bad-csv', `the answer is no CSV as declared: ${why}`)
}
