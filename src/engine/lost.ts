import { type Slice, sliceText } from '../core/run.ts'
import type { Source } from '../core/source.ts'
import type { Alert } from '../db/alerts.ts'

/** What a vendor has forgotten before it was asked for. It holds whatever comes after it. */
export function lostAlert(slice: Slice, lost: string): Alert {
  const message = `${sliceText(slice)}: ${lost}`
  return { key: keyOf(slice), level: 'critical', code: 'history-lost', message, slice }
}

/** The alerts that end when a stream has brought anew what there is: those of the streams that begin with it. */
export function healedBy({ connector, account, stream }: Source): string[] {
  const heirs = connector.streams.filter(({ begins }) => begins === stream.name)
  return heirs.map(heir => keyOf({ connector: connector.name, account, stream: heir.name }))
}

function keyOf({ connector, account, stream }: Omit<Slice, 'part'>): string {
  return `lost ${connector}/${account} ${stream}`
}
