/** The vendor's words for what drives a car, as the spec table has them. */
export type Energy =
  | '汽油'
  | '汽油+48V轻混系统'
  | '汽油电驱'
  | '油电混合'
  | '插电式混合动力'
  | '增程式'
  | '纯电动'
  | '柴油'
  | '汽油+CNG'
  | 'CNG'
  | '氢燃料'
  | '甲醇混动'

type Motor = { kw: number; nm: number; count: number }

/** The battery: kWh, the electric range in km and by which cycle it was measured. */
type Battery = { kwh: number; km: number; cycle: 'CLTC' | 'WLTC' | 'NEDC' }

/** A combustion engine: cm3, PS, N·m; the shape is layout and cylinders, `L4`. */
export type Combustion = { cc: number; shape: string; turbo: boolean; ps: number; nm: number; code: string }

/** What drives a car: a combustion engine, motors, or both. systemKw is what both give together. */
export type Drive = { energy: Energy; ice?: Combustion; motor?: Motor; battery?: Battery; systemKw?: number }

/** 1 PS is 735.49875 W. */
export function kwOf(ps: number): number {
  return Math.round(ps * 0.73549875)
}

/** `1.5T L4` reads: 1.5 litres, turbo, four in line. The exact volume is the one that the table tells. */
function ice(cc: number, shape: string, turbo: boolean, ps: number, nm: number, code: string): { ice: Combustion } {
  return { ice: { cc, shape, turbo, ps, nm, code } }
}

export const engines = {
  p10: { energy: '汽油', ...ice(998, 'L4', false, 69, 90, 'SQR472F') },
  p14: { energy: '汽油', ...ice(1396, 'L4', false, 109, 137, 'G4FA') },
  p15: { energy: '汽油', ...ice(1498, 'L4', false, 113, 145, 'L15A') },
  p16: { energy: '汽油', ...ice(1598, 'L4', false, 124, 155, 'EC5') },
  t14: { energy: '汽油', ...ice(1395, 'L4', true, 150, 250, 'DJS') },
  t15: { energy: '汽油', ...ice(1499, 'L3', true, 156, 265, 'B38A15') },
  t18: { energy: '汽油', ...ice(1798, 'L4', true, 160, 250, 'CEA') },
  t20: { energy: '汽油', ...ice(1984, 'L4', true, 190, 320, 'DTA') },
  t20b: { energy: '汽油', ...ice(1991, 'L4', true, 211, 350, '274 920') },
  p20: { energy: '汽油', ...ice(1997, 'L4', false, 155, 192, 'LFB') },
  p30v: { energy: '汽油', ...ice(2996, 'V6', false, 245, 310, '272 947') },
  t30: { energy: '汽油', ...ice(2998, 'L6', true, 340, 450, 'B58B30') },
  t30v: { energy: '汽油', ...ice(2995, 'V6', true, 333, 440, 'CRE') },
  t25h: { energy: '汽油', ...ice(2497, 'H4', true, 350, 420, 'DDN') },
  p52v: { energy: '汽油', ...ice(5204, 'V10', false, 610, 560, 'DKA') },
  m15: { energy: '汽油+48V轻混系统', ...ice(1497, 'L4', true, 184, 280, '264 915') },
  m20: { energy: '汽油+48V轻混系统', ...ice(1999, 'L4', true, 258, 400, '254 920') },
  m30: { energy: '汽油+48V轻混系统', ...ice(2999, 'L6', true, 367, 500, '256 930') },
  d20: { energy: '柴油', ...ice(1996, 'L4', true, 163, 400, 'GW4D20M') },
  d25: { energy: '柴油', ...ice(2499, 'L4', true, 150, 350, 'D25TCI') },
  c15: { energy: '汽油+CNG', ...ice(1485, 'L4', false, 107, 141, 'LJ4A15Q6') },
  n12: { energy: 'CNG', ...ice(1240, 'L4', false, 76, 102, 'DK12') },
  h25: {
    ...{ energy: '油电混合', ...ice(2487, 'L4', false, 178, 221, 'A25B'), systemKw: 160 },
    motor: { kw: 88, nm: 202, count: 1 },
  },
  q12: { energy: '汽油电驱', ...ice(1198, 'L3', false, 72, 100, 'HR12'), motor: { kw: 100, nm: 300, count: 1 } },
  x15: {
    ...{ energy: '插电式混合动力', ...ice(1498, 'L4', false, 110, 135, 'BYD472QA'), systemKw: 173 },
    ...{ motor: { kw: 145, nm: 325, count: 1 }, battery: { kwh: 18.32, km: 121, cycle: 'NEDC' } },
  },
  x20: {
    ...{ energy: '插电式混合动力', ...ice(1999, 'L4', true, 204, 320, '254 915'), systemKw: 230 },
    ...{ motor: { kw: 95, nm: 440, count: 1 }, battery: { kwh: 25.4, km: 95, cycle: 'WLTC' } },
  },
  r15: {
    ...{ energy: '增程式', ...ice(1496, 'L4', true, 154, 220, 'L2E15M'), systemKw: 330 },
    ...{ motor: { kw: 330, nm: 620, count: 2 }, battery: { kwh: 44.5, km: 212, cycle: 'CLTC' } },
  },
  g18: {
    ...{ energy: '甲醇混动', ...ice(1799, 'L4', false, 132, 150, 'JLC-4M18'), systemKw: 120 },
    motor: { kw: 100, nm: 320, count: 1 },
  },
  e100: {
    energy: '纯电动',
    ...{ motor: { kw: 100, nm: 180, count: 1 }, battery: { kwh: 44.9, km: 420, cycle: 'NEDC' } },
  },
  e194: {
    energy: '纯电动',
    ...{ motor: { kw: 194, nm: 340, count: 1 }, battery: { kwh: 60, km: 556, cycle: 'CLTC' } },
  },
  e331: {
    energy: '纯电动',
    ...{ motor: { kw: 331, nm: 559, count: 2 }, battery: { kwh: 78.4, km: 615, cycle: 'WLTC' } },
  },
  f120: { energy: '氢燃料', motor: { kw: 120, nm: 300, count: 1 } },
} as const satisfies Record<string, Drive>

export type EngineName = keyof typeof engines
