import { z } from 'zod'
import { normalized } from './normal/advert.ts'
import { isPlain } from './normal/json.ts'
import { flag } from './normal/notes.ts'
import { che168 } from './vendor.ts'

/**
 * What the rules of this folder are. Whoever changes what one of them makes of an advert raises it, and `sluice normalize --all`
 * then makes all rows anew.
 */
export const normalizerVersion = 3

/** Columns as JSON has them. */
const id = z.union([z.int(), z.string().regex(/^-?\d+$/)]).transform(String)
const moment = z.iso.datetime({ offset: true }).transform(text => new Date(text))

/**
 * What an advert is known and valued by. An object or a list of something is, in such a place, no writing of the value but another
 * shape of the record, which nobody has described: the advert goes to quarantine. (An empty list is how some servers write that
 * there is nothing.) Every other fault costs its own field alone.
 */
const plain = z.custom<unknown>(isPlain, 'is neither a text nor a number').optional()
const vital = { mark: plain, model: plain, year: plain, price: plain, km_age: plain }

const record = z.object({
  inner_id: z.string().regex(/^\d+$/, 'is no number of an advert'),
  vendor_id: z.string().nullable(),
  change_type: z.string().nullable(),
  created_at: moment.nullable(),
  data: z.looseObject(vital, 'is no object'),
  first_loaded_at: moment,
  last_updated_at: moment,
  active_status: z.int(),
  removed_at: moment.nullable(),
  last_change_id: id.nullable(),
  is_partial: z.boolean(),
})

/**
 * Adverts with every value typed and in one language (docs/che168.md, "What the normalised table holds"). Every raw row becomes
 * one row, those that are gone and those of which only pieces are known too.
 */
export const adverts = che168.normalize({
  name: 'adverts',
  from: 'che168.raw_data',
  table: 'che168.processed_data',
  unmapped: { table: 'che168.unmapped_values', field: 'field', value: 'value', times: 'adverts' },
  record,
})({
  key: ['account', 'inner_id'],
  newer: ['last_change_id', 'last_seen_at'],
  schedule: [{ after: 'offers' }, { after: 'changes' }, { after: 'offer' }],
  rows: raw => {
    const year = raw.last_updated_at.getUTCFullYear()
    const { values, notes } = normalized({ innerId: raw.inner_id, data: raw.data, year })
    if (raw.is_partial) flag(notes, 'record', 'partial')
    return [Object.assign(values, stateOf(raw), notedIn(notes), { normalizer_version: normalizerVersion })]
  },
})

/** What is known of the advert beside what it says. */
function stateOf(raw: z.output<typeof record>) {
  const isActive = raw.active_status === 0
  return {
    ...{ inner_id: raw.inner_id, vendor_id: raw.vendor_id, active: isActive, partial: raw.is_partial },
    ...{ first_seen_at: raw.first_loaded_at, last_seen_at: raw.last_updated_at, vendor_event_at: raw.created_at },
    removed_at: raw.removed_at,
    last_change_id: raw.last_change_id ?? '0',
  }
}

function notedIn({ flags, unmapped }: ReturnType<typeof normalized>['notes']) {
  return {
    quality_flags: flags.size > 0 ? [...flags].toSorted() : null,
    unmapped: Object.keys(unmapped).length > 0 ? unmapped : null,
  }
}
