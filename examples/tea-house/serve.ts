import { serve } from 'sluice/testing'
import { imitate } from './vendor.ts'

const { url } = await serve(imitate(), { port: 18322 })
console.log(`The imitated tea house answers at ${url}`)
