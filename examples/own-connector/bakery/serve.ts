import { serve } from 'sluice/testing'
import { imitate } from './vendor.ts'

const { url } = await serve(imitate(), { port: 18321 })
console.log(`The imitated bakery answers at ${url}`)
