import type { Connector } from '../core/connector.ts'
import { binance } from './binance/index.ts'
import { che168 } from './che168/index.ts'
import { ozon } from './ozon/index.ts'
import { wildberries } from './wildberries/index.ts'

/** Every vendor Sluice knows. A new connector is one line here. */
export const connectors: readonly Connector[] = [binance, ozon, wildberries, che168]
