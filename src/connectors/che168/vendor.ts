import type { Rule } from '../../core/limit.ts'
import { vendor } from '../../core/vendor.ts'

/**
 * The vendor names no limits. These are paces at which others were served for hours without a refusal; where it refuses all
 * the same, we go slower for a while.
 */
function pace(every: Rule['every']): Rule {
  return {
    ...{ kind: 'bucket', max: 1, every, burst: 1, owner: ({ slug }) => slug },
    slower: { factor: 2, most: 8, until: '10m' },
  }
}

/** Adverts of che168.com by the API of auto-parser.ru, which answers as auto-api.com too. */
export const che168 = vendor('che168', {
  offers: pace('700ms'),
  changes: pace('2s'),
  offer: pace('700ms'),
  filters: pace('2s'),
})
