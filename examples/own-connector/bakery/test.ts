import { test } from 'node:test'
import { conformance } from 'sluice/testing'
import { connector } from './index.ts'
import { imitate } from './vendor.ts'

for (const { name, run } of conformance(connector, { vendor: imitate })) test(name, run)
