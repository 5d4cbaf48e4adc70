import { keyOf } from '../random.ts'
import type { Layout } from './layout.ts'

/**
 * A report on its way:
 *
 *   waiting      ends after a third of the time it takes
 *   processing   ends when all of that time is over
 *   success      its file can be had; ends after three days, when the code is known no more
 *   failed       in place of success, when a fault says so
 */
export type Report = {
  code: string
  clientId: string
  type: 'seller_products' | 'seller_stock'
  /** ms; the rows are those of this moment. */
  created: number
  /** ms from creation to the file. */
  takes: number
  /** Why it fails, if it does. */
  error: string
  layout: Layout
  english: boolean
  /** The file is no CSV but a workbook. */
  xlsx: boolean
  /** What was asked for. */
  ask: {
    visibility: string
    offers: readonly string[]
    skus: readonly number[]
    search: string
    warehouses: readonly number[]
  }
}

export type Reports = {
  add(report: Omit<Report, 'code'>): Report
  /** Undefined for a code that belongs to somebody else, to nobody, or no more. */
  byCode(clientId: string, code: string, now: number): Report | undefined
  byFile(name: string, now: number): Report | undefined
  /** The newest first. */
  of(clientId: string, now: number): Report[]
}

const life = 3 * 86_400_000

export function openReports(seed: number): Reports {
  const all: Report[] = []
  const alive = (now: number) => all.filter(({ created }) => now < created + life)
  return {
    add(report) {
      const seconds = Math.floor(report.created / 1000)
      const tail = [1, 2, 3].map(part => hex(keyOf(seed, report.clientId, report.created, all.length, part))).join('')
      const added = { ...report, code: `REPORT_${report.type}_${report.clientId}_${seconds}_${tail}` }
      all.push(added)
      return added
    },
    byCode: (clientId, code, now) => alive(now).find(one => one.code === code && one.clientId === clientId),
    byFile: (name, now) => alive(now).find(one => fileOf(one) === name && stateOf(one, now) === 'success'),
    of: (clientId, now) =>
      alive(now)
        .filter(one => one.clientId === clientId)
        .reverse(),
  }
}

function stateOf({ created, takes, error }: Report, now: number): 'waiting' | 'processing' | 'success' | 'failed' {
  if (now >= created + takes) return error === '' ? 'success' : 'failed'
  return now >= created + takes / 3 ? 'processing' : 'waiting'
}

/** The name of the file tells nothing about the report. */
function fileOf({ code }: Report): string {
  return `${[1, 2, 3, 4].map(part => hex(keyOf(code, part))).join('')}.csv`
}

/** What /v1/report/info and /v1/report/list tell of it. The end of its life is told once its file is there. */
export function told(report: Report, now: number, cdnUrl: string) {
  const { code, type, created, error, ask } = report
  const status = stateOf(report, now)
  const isDone = status === 'success'
  return {
    ...{ code, status, error: status === 'failed' ? error : '', report_type: type },
    file: isDone ? `${cdnUrl}/s3/reports/${fileOf(report)}` : '',
    ...(isDone ? { expires_at: new Date(created + life).toISOString() } : {}),
    params: type === 'seller_products' ? { visibility: ask.visibility } : {},
    created_at: new Date(created).toISOString(),
    additional_data: [],
  }
}

function hex(key: number): string {
  return (key >>> 0).toString(16).padStart(8, '0')
}
