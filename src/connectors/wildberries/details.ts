import { z } from 'zod'
import type { Subject } from '../../core/stream.ts'
import { zoned } from './moscow.ts'
import { amount, currency, flag, id, read, text, whole } from './record.ts'
import { policy, retry } from './settings.ts'
import { askSupply, isKnown } from './supply.ts'
import { wildberries } from './vendor.ts'

const detailsRecord = z.looseObject({
  ...{ statusID: z.int(), virtualTypeID: whole, boxTypeID: whole, createDate: zoned.nullish() },
  ...{ supplyDate: zoned.nullish(), factDate: zoned.nullish(), updatedDate: zoned.nullish() },
  ...{ warehouseID: id.nullish(), warehouseName: text, actualWarehouseID: id.nullish(), actualWarehouseName: text },
  ...{ transitWarehouseID: id.nullish(), transitWarehouseName: text, acceptanceCost: amount.nullish() },
  ...{ paidAcceptanceCoefficient: amount.nullish(), rejectReason: text, supplierAssignName: text },
  ...{ storageCoef: text, deliveryCoef: text, quantity: whole, readyForSaleQuantity: whole, acceptedQuantity: whole },
  ...{ unloadingQuantity: whole, depersonalizedQuantity: whole, isBoxOnPallet: flag },
})

/** GET /api/v1/supplies/{ID}: warehouses, sums and costs of one supply. */
export const details = wildberries.pull({
  name: 'supply_details',
  table: 'wildberries.supply_details',
  limit: { supply: 1 },
  cursor: z.strictObject({}),
  record: detailsRecord,
  forget: ['phone'],
  for: {
    table: 'wildberries.supplies',
    columns: ['supply_key', 'supply_id', 'preorder_id'],
    take: 1,
    flag: 'details_current',
  },
})({
  ...({ key: ['account', 'supply_key'], schedule: [{ after: 'supplies' }] } as const),
  ...{ retry, policy },
  start: () => ({}),
  request: (_, { rows }) => askSupply(rows, ''),
  parse: (answer, _, { rows }) => ({
    records: isKnown(answer, rows) && answer.json !== undefined ? [read(z.looseObject({}), answer.json, 'supply')] : [],
    next: {},
    done: true,
  }),
  row: (record, { rows }) => detailsRow(record, rows[0]!),
})

function detailsRow(record: z.output<typeof detailsRecord>, { supply_key, supply_id, preorder_id }: Subject) {
  return {
    ...{ supply_key: supply_key!, supply_id, preorder_id },
    status_id: record.statusID,
    virtual_type_id: record.virtualTypeID,
    box_type_id: record.boxTypeID,
    is_box_on_pallet: record.isBoxOnPallet,
    create_date: record.createDate,
    supply_date: record.supplyDate,
    fact_date: record.factDate,
    updated_date: record.updatedDate,
    warehouse_id: record.warehouseID,
    warehouse_name: record.warehouseName,
    actual_warehouse_id: record.actualWarehouseID,
    actual_warehouse_name: record.actualWarehouseName,
    transit_warehouse_id: record.transitWarehouseID,
    transit_warehouse_name: record.transitWarehouseName,
    acceptance_cost: record.acceptanceCost,
    currency,
    paid_acceptance_coefficient: record.paidAcceptanceCoefficient,
    reject_reason: record.rejectReason,
    supplier_assign_name: record.supplierAssignName,
    storage_coef: record.storageCoef,
    delivery_coef: record.deliveryCoef,
    quantity: record.quantity,
    ready_for_sale_quantity: record.readyForSaleQuantity,
    accepted_quantity: record.acceptedQuantity,
    unloading_quantity: record.unloadingQuantity,
    depersonalized_quantity: record.depersonalizedQuantity,
  }
}
