import type { Transport } from '../http/transport.ts'
import { maxBytes } from './name.ts'

/**
 * The way out. Its library takes as long to load as everything else of a command together, so it is loaded only by those that
 * ask somebody.
 */
export async function openWire(settings: { connections?: number; deadline?: number }): Promise<Transport> {
  const { transport } = await import('../http/transport.ts')
  return transport({ maxBytes, ...settings })
}
