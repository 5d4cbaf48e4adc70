import { Refusal } from './answer.ts'
import type { Seller } from './world.ts'

/** The header of a missing key is told with 401; which status the others have no source tells, so that it is an option. */
type Status = 403 | 404

/**
 * The seller whose key this is.
 *
 * @throws Refusal with the documented text when headers are missing, the key is nobody's, or it was switched off.
 */
export function ownerOf(headers: Headers, sellers: readonly Seller[], status: Status): Seller {
  const [clientId, apiKey] = [headers.get('client-id'), headers.get('api-key')]
  if (!clientId || !apiKey) throw new Refusal(401, 16, 'Client-Id and Api-Key headers are required')
  const seller = sellers.find(one => one.clientId === clientId && one.apiKey === apiKey)
  if (seller === undefined) throw rejected(status, 'Invalid Api-Key, please check the key and try again')
  if (seller.key === 'deactivated') {
    throw rejected(status, 'Api-key is deactivated, use another one or generate a new one')
  }
  if (seller.key === 'restricted') throw rejected(status, 'Api-Key is restricted to specific IP addresses')
  return seller
}

/** @throws Refusal when no role of the key names this path. */
export function demandRole({ roles }: Seller, path: string, status: Status): void {
  if (roles === undefined || roles.some(({ methods }) => methods.includes(path))) return
  throw rejected(status, 'Api-Key is missing a required role for a method')
}

export function rejected(status: Status, message: string): Refusal {
  return new Refusal(status, status === 403 ? 7 : 5, message)
}
