import { type Answer, empty, json } from './answer.ts'
import type { Ask, Endpoint } from './ask.ts'
import { type Groups, isLocale, type Locale, type Remain, remainsOf } from './heaps.ts'
import { asProblem, unfit } from './refuse.ts'
import { type Shop, uuidOf } from './shop.ts'
import type { Stock } from './stock.ts'

const [second, hour] = [1_000, 3_600_000]

/**
 * A report of remains that was ordered.
 *
 *   new          for two seconds
 *   processing   for six more, or for good where a fault has it end badly
 *   done         it can be downloaded for two hours
 *   purged       it is gone; two hours later nobody has heard of it
 *   canceled     instead of done, with a fault
 *
 * How long a report lives is not documented.
 */
type Task = { id: string; shop: Shop; at: number; rows: Remain[]; end: 'canceled' | 'purged' | undefined }

/** The report of remains in three steps. */
export function remains(count: (shop: Shop, at: number) => Stock): Endpoint[] {
  const tasks = new Map<string, Task>()

  const create = (ask: Ask) => {
    const { groups, locale } = wishOf(ask)
    const { shop, now, known, end } = ask
    const id = uuidOf('task', ask.request)
    const rows = remainsOf(shop, count(shop, known), groups, locale, now >= shop.maskedSince)
    tasks.set(id, { id, shop, at: now, rows, end })
    return json(200, { data: { taskId: id } })
  }

  const find = (ask: Ask) => {
    const task = tasks.get(ask.id)
    if (task && ask.now >= task.at + 4 * hour) tasks.delete(ask.id)
    else if (task?.shop === ask.shop) return task
    throw unfit(404, 'not found', ask, asProblem)
  }

  const download = (ask: Ask): Answer => {
    const task = find(ask)
    if (statusOf(task, ask.now) !== 'done') throw unfit(404, 'not found', ask, asProblem)
    return task.rows.length === 0 ? empty() : json(200, task.rows, task.rows.length)
  }

  const path = '^/api/v1/warehouse_remains'
  return [
    { ...free('remains'), path: new RegExp(`${path}$`), limit: 'create', answer: create },
    {
      ...{ ...free('remainsStatus'), path: new RegExp(`${path}/tasks/([^/]+)/status$`), limit: 'status' },
      answer: ask => json(200, { data: { id: ask.id, status: statusOf(find(ask), ask.now) } }),
    },
    {
      ...free('remainsDownload'),
      path: new RegExp(`${path}/tasks/([^/]+)/download$`),
      limit: 'download',
      answer: download,
    },
  ]
}

function free(name: string): Pick<Endpoint, 'name' | 'method' | 'category'> {
  return { name, method: 'GET', category: 'analytics' }
}

function statusOf({ at, end }: Task, now: number): string {
  if (now < at + 2 * second) return 'new'
  if (now < at + 8 * second) return 'processing'
  return end ?? (now < at + 2 * hour ? 'done' : 'purged')
}

const flags = {
  groupByBrand: 'brand',
  groupBySubject: 'subjectName',
  groupBySa: 'vendorCode',
  groupByNm: 'nmId',
  groupByBarcode: 'barcode',
  groupBySize: 'techSize',
} as const

const choices = { filterPics: ['-1', '0', '1'], filterVolume: ['-1', '0', '3'] }

/** The filters are checked and let everything through: every good here has pictures and a volume. */
function wishOf(ask: Ask): { groups: Groups; locale: Locale } {
  const { query } = ask
  const refuse = (name: string, why: string) => unfit(400, `parameter "${name}" in query has an error: ${why}`, ask)
  for (const [name, text] of query) if (text === '') throw refuse(name, 'empty value is not allowed')
  for (const [name, allowed] of Object.entries(choices))
    if (!allowed.includes(query.get(name) ?? '0')) throw refuse(name, 'value is not one of the allowed values')
  const locale = query.get('locale') ?? 'ru'
  if (!isLocale(locale)) throw refuse('locale', 'value is not one of the allowed values')
  const groups = Object.entries(flags).flatMap(([name, field]) => {
    const text = query.get(name) ?? 'false'
    if (text !== 'true' && text !== 'false') throw refuse(name, 'value must be a boolean')
    return text === 'true' ? [field] : []
  })
  return { groups: new Set(groups), locale }
}
