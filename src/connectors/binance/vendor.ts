import { vendor } from '../../core/vendor.ts'

/**
 * Binance spot market data. One limit counts for all of it: 6000 of request weight a minute per IP address
 * (rest-api.md, "IP Limits"; exchangeInfo.rateLimits), counted from second 0 of each minute, told in every answer.
 * We use 70 % of it and leave the rest to the user's other programs behind the same address.
 */
export const binance = vendor('binance', {
  weight: {
    kind: 'fixed',
    max: 6000,
    every: '1m',
    share: 0.7,
    owner: 'egress',
    learn: { header: 'x-mbx-used-weight-1m', tells: 'used' },
    settle: '1s',
    lease: '200ms',
  },
})
