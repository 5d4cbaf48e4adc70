import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** This program's version, as package.json has it. */
export const version: string = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')).version

/** Who we say we are: a vendor that has a question finds us. */
export const userAgent = `sluice/${version} (+https://github.com/sluice/sluice)`

/** The largest answer we take, in bytes: the largest documented page (80,000 orders) is 63 MB. */
export const maxBytes = 256 * 1024 * 1024
