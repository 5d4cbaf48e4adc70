import { type Draft, list } from './answer.ts'
import { cursorOf, ids, object, placeOf, string, texts, whole } from './body.ts'
import { chosen } from './choice.ts'
import { pageOf } from './page.ts'
import type { Question } from './question.ts'
import { listItem, ownSchemes, type Row } from './rows.ts'
import type { Warehouse } from './warehouse.ts'

/** POST /v3/product/list: last_id stands on every page with items, and is empty where there are none. */
export function products({ shop, body, now }: Question): Draft {
  const choice = chosen(shop, object(body, 'filter') ?? {})
  const limit = body.limit === undefined ? 1000 : whole(body, 'limit', 1, 1000)
  const { rows, next } = pageOf(choice.from, product => [listItem(shop, product, now)], string(body, 'last_id'), limit)
  const last_id = rows.length === 0 ? '' : cursorOf(next)
  return list(rows, items => ({ result: { items, total: choice.total(), last_id } }))
}

/** POST /v2/warehouse/list: the seller's own warehouses, FBS and rFBS. */
export function warehouses({ shop, body }: Question): Draft {
  const wanted = ids(body, 'warehouse_ids', 200)
  const own = shop.warehouses.filter(({ scheme, warehouse_id }) => {
    return ownSchemes.includes(scheme) && (wanted.length === 0 || wanted.includes(warehouse_id))
  })
  const from = placeOf(string(body, 'cursor')).at
  const to = from + whole(body, 'limit', 1, 200)
  const rows = own.slice(from, to).map(ownWarehouse)
  return list(rows, kept => ({ cursor: cursorOf({ at: to, told: 0 }), warehouses: kept, has_next: own.length > to }))
}

const opened = '2025-03-11T11:57:51.811Z'

function ownWarehouse({ warehouse_id, name, scheme }: Warehouse): Row {
  return {
    ...{ warehouse_id, name, is_rfbs: scheme === 'rfbs', status: 'created', created_at: opened, updated_at: opened },
    address_info: { address: 'Тверь, Складская улица, 1', latitude: 56.8587, longitude: 35.9176, utc: 'UTC+03:00' },
    ...{ phone: '+7(900)000-00-00', courier_phones: [], courier_comment: '', carriage_label_type: 'BIG' },
    ...{ has_entrusted_acceptance: false, has_postings_limit: false, min_postings_limit: 10, postings_limit: -1 },
    ...{ is_auto_assembly: false, is_comfort: false, is_express: false, is_kgt: false, is_waybill_enabled: true },
    ...{ cut_in_time: 0, sla_cut_in: 1440, warehouse_type: 'UNSPECIFIED', with_item_list: false },
    working_days: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
  }
}

/** POST /v1/warehouse/ozon/list: the vendor's warehouses, those of them that hold nothing of this seller among them. */
export function vendorWarehouses({ shop, body }: Question): Draft {
  const types = texts(body, 'warehouse_types')
  const wanted = types.length === 0 || types.includes('FULL_FILLMENT')
  const rows = shop.warehouses.filter(({ scheme }) => wanted && scheme === 'fbo').map(vendorWarehouse)
  return list(rows, kept => ({ warehouses: kept }))
}

function vendorWarehouse({ warehouse_id, name }: Warehouse): Row {
  return {
    ...{ warehouse_id, name, short_name: name.slice(0, 12), address: `Россия, ${name}`, country_iso_numeric: 643 },
    ...{ is_active: true, is_cross_dock: false, is_distribution_center: false, is_edo: true, is_express: false },
    ...{ is_for_supply: true, timezone: 'Europe/Moscow', warehouse_type: 'FULL_FILLMENT' },
  }
}
