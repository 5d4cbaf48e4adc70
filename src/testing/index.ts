/**
 * The face of the kit for authors of connectors: `import { conformance } from 'sluice/testing'`.
 */
export { conformance, type Test } from './conformance.ts'
export type { Settings } from './settings.ts'
export type { Vendor } from './wire.ts'
