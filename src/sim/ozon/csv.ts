import type { Row } from './rows.ts'

const bom = '\ufeff'
const chunk = 2000

/** The file: UTF-8 with a byte order mark, semicolons, every cell in quotes, quotes doubled. */
export function csv(columns: readonly string[], rows: Iterable<Row>): Uint8Array {
  const parts = [Buffer.from(bom + line(columns))]
  let lines: string[] = []
  for (const row of rows) {
    if (lines.push(line(columns.map(column => String(row[column])))) < chunk) continue
    parts.push(Buffer.from(lines.join('')))
    lines = []
  }
  return Buffer.concat([...parts, Buffer.from(lines.join(''))])
}

function line(cells: readonly string[]): string {
  return `${cells.map(cell => `"${cell.replaceAll('"', '""')}"`).join(';')}\n`
}
