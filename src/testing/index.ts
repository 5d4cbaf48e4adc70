/**
 * The face of the kit for authors of connectors: `import { conformance } from 'sluice/testing'`. `serve` puts an imitated
 * vendor on a port, for a program that asks it over the wire.
 */
export { serve } from '../sim/serve.ts'
export { conformance, type Test } from './conformance.ts'
export type { Settings } from './settings.ts'
export type { Vendor } from './wire.ts'
