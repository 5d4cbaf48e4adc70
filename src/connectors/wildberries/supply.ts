import type { Answer, Ask } from '../../core/ask.ts'
import { Rejected } from '../../core/failure.ts'
import type { Subject } from '../../core/stream.ts'

/** What is asked about one supply (a row of wildberries.supplies): by its own number as soon as it has one, before that by its preorder's. */
export function askSupply([supply]: readonly Subject[], rest: string, query: Ask['query'] = {}): Ask {
  const { supply_id, preorder_id } = supply!
  const number = supply_id ?? preorder_id
  const way = supply_id ? {} : { isPreorderID: 'true' }
  return {
    path: `/api/v1/supplies/${number}${rest}`,
    host: 'supplies',
    query: { ...query, ...way },
    accepts: [400, 404],
  }
}

/**
 * Whether the vendor knows the supply by this number. It does not any more where the preorder has become a supply since it was
 * listed (400); the next list tells the new number, and it is asked about again. Unknown ones are 404, of goods 400.
 * @throws Rejected when the answer is another no
 */
export function isKnown({ status, json }: Answer, [supply]: readonly Subject[]): boolean {
  if (status < 400) return true
  const said = typeof json === 'string' ? json : JSON.stringify(json)
  if (/(поставк|заказ).*найден/i.test(said)) return false
  throw new Rejected(
    'vendor-rejected',
    `the vendor answered ${status} to the question about the supply ${supply!.supply_key}: ${said.slice(0, 300)}; those behind it wait: look for a newer version of Sluice, or report it`,
  )
}
