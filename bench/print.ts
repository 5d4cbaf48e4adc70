import Table from 'cli-table3'
import type { Figure, Goal } from './bench.ts'

/** One line of JSON: the bench and its figures by key. */
export function printLine(bench: string, figures: readonly Figure[]): string {
  const keyed = figures.flatMap(({ key, value }) => (key ? [[key, rounded(value)]] : []))
  return `${JSON.stringify({ bench, ...Object.fromEntries(keyed) })}\n`
}

/** The figures for people, with their goals and whether they are met. */
export function printTable(figures: readonly Figure[]): string {
  const table = new Table({ head: ['', 'measured', 'goal', ''], style: { head: [], border: [] } })
  for (const { title, value, unit, goal } of figures) {
    const measured = { content: `${rounded(value).toLocaleString('en')} ${unit}`.trim(), hAlign: 'right' as const }
    table.push([title, measured, goal ? goalText(goal) : '', goal ? (meets(value, goal) ? 'met' : 'MISSED') : ''])
  }
  return `${table}\n`
}

function goalText(goal: Goal): string {
  return 'least' in goal ? `>= ${goal.least}` : `<= ${goal.most}`
}

function meets(value: number, goal: Goal): boolean {
  return 'least' in goal ? value >= goal.least : value <= goal.most
}

/** Three digits of a ratio, whole numbers of anything over a hundred. */
function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3))
}
