import type { Format } from '../../core/format.ts'
import type { Pieces } from '../body.ts'
export function openBody(_pieces: Pieces, _format: Format, _options: { size?: number; who: string }): Promise<any> {
  throw new Error('not here yet')
}
