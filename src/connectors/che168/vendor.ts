import { vendor } from '../../core/vendor.ts'

/** The feed of adverts from che168.com. */
export const che168 = vendor('che168', {})
