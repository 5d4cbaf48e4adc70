/** A gearbox in the words of the spec table, and what they mean. */
export type Gearbox = {
  /** 基本参数 变速箱 and 变速箱 简称. */
  short: string
  /** 变速箱 变速箱类型. */
  type: string
  /** 变速箱 挡位个数. */
  count: string
  kind: 'manual' | 'automatic' | 'cvt' | 'e_cvt' | 'dct' | 'amt' | 'dht' | 'single_speed'
  /** Forward gears; null where the gears are none or but simulated. */
  gears: number | null
  simulated: number | null
}

function stepped(gears: number, word: string, type: string, kind: Gearbox['kind']): Gearbox {
  return { short: `${gears}挡${word}`, type, count: String(gears), kind, gears, simulated: null }
}

function stepless(short: string, type: string, kind: Gearbox['kind'], simulated: number | null = null): Gearbox {
  return { short, type, count: '无级变速', kind, gears: null, simulated }
}

export const gearboxes = {
  m5: stepped(5, '手动', '手动变速箱(MT)', 'manual'),
  m6: stepped(6, '手动', '手动变速箱(MT)', 'manual'),
  a4: stepped(4, '自动', '自动变速箱(AT)', 'automatic'),
  a6: stepped(6, '手自一体', '手自一体变速箱(AT)', 'automatic'),
  a8: stepped(8, '手自一体', '手自一体变速箱(AT)', 'automatic'),
  a9: stepped(9, '手自一体', '手自一体变速箱(AT)', 'automatic'),
  d7: stepped(7, '湿式双离合', '湿式双离合变速箱(DCT)', 'dct'),
  k7: stepped(7, '干式双离合', '干式双离合变速箱(DCT)', 'dct'),
  r6: stepped(6, 'AMT', '机械式自动变速箱(AMT)', 'amt'),
  h3: stepped(3, 'DHT', '混合动力专用变速箱(DHT)', 'dht'),
  v8: stepless('CVT无级变速(模拟8挡)', '无级变速箱(CVT)', 'cvt', 8),
  v0: stepless('CVT无级变速', '无级变速箱(CVT)', 'cvt'),
  ev: stepless('E-CVT无级变速', '电子无级变速箱(E-CVT)', 'e_cvt'),
  e1: { ...stepped(1, '', '固定齿比变速箱', 'single_speed'), short: '电动车单速变速箱' },
} as const satisfies Record<string, Gearbox>

export type GearboxName = keyof typeof gearboxes
