import { engineText } from './engine.ts'
import type { Thing } from './json.ts'
import { flag, type Notes } from './notes.ts'
import { positive, rounded } from './numbers.ts'
import type { Spec } from './spec.ts'

/** What one metric horsepower is, in kW. */
const kwPerPs = 0.73549875

/** Metric horsepower of so many kW. */
export function psOf(kw: number): number {
  return rounded(kw / kwPerPs)
}

/** Kilowatts of so much metric horsepower. */
export function kwOf(ps: number): number {
  return rounded(ps * kwPerPs)
}

type Read = (field: string, value: unknown) => number | undefined

/** Powertrains of which the car's numbers and the engine's (or the motors') mean the same. */
const simple = new Set([undefined, 'ice', 'mhev', 'bev', 'fcev'])

/**
 * Power of the combustion engine, or of the motors where there is none; beside it the whole car's and the motors' own. The
 * same words (最大功率) mean the car in one group of the table and the engine in another.
 */
export function powerOf(data: Thing, { of }: Spec, powertrain: string | undefined, notes: Notes) {
  const read: Read = (field, value) => {
    const power = positive(notes, field, value, { min: 1, max: 10_000, fine: true })
    return power === undefined ? undefined : rounded(power)
  }
  const isElectric = powertrain === 'bev' || powertrain === 'fcev'
  const table = tableOf(of, isElectric, read)
  const sent = sentOf(data, isElectric ? 'electric' : 'ice', read)
  const stated = read('power', data.power)
  const torque = read('system_torque_nm', of.get('system_torque_nm'))
  const power = table.ps ?? made(table.kw, psOf) ?? sent.ps ?? made(sent.kw, psOf) ?? stated
  const kw = table.kw ?? sent.kw
  checkPair(sent, notes)
  checkPair({ ps: power, kw }, notes)
  if (power !== undefined && stated !== undefined && simple.has(powertrain) && isFar(power, stated))
    flag(notes, 'power', 'conflict')
  return {
    ...{ power, power_kw: kw ?? made(power, kwOf) },
    ...{ max_horsepower: table.ps, max_power_kw: table.kw },
    ...wholeOf(data, of, read),
    torque_nm:
      read('torque_nm', of.get(isElectric ? 'motor_torque_nm' : 'engine_torque_nm')) ??
      (simple.has(powertrain) ? torque : undefined),
    system_torque_nm: torque,
  }
}

type Pair = { ps: number | undefined; kw: number | undefined }

function tableOf(of: Spec['of'], isElectric: boolean, read: Read): Pair {
  const text = engineText(of.get('engine_text') ?? '')?.ps
  if (!isElectric)
    return {
      ps: read('max_horsepower', of.get('engine_power_ps')) ?? text,
      kw: read('max_power_kw', of.get('engine_power_kw')),
    }
  return {
    ps: read('max_horsepower', of.get('motor_power_ps')) ?? text,
    kw: read('max_power_kw', of.get('motor_power_kw') ?? of.get('system_power_kw')),
  }
}

function sentOf(data: Thing, kind: 'ice' | 'hybrid' | 'electric', read: Read): Pair {
  const [ps, kw] = [`${kind}_power_ps`, `${kind}_power_kw`]
  return { ps: read(ps, data[ps]), kw: read(kw, data[kw]) }
}

function wholeOf(data: Thing, of: Spec['of'], read: Read) {
  const [hybrid, motor] = [sentOf(data, 'hybrid', read), sentOf(data, 'electric', read)]
  return {
    system_power_kw: read('system_power_kw', of.get('system_power_kw')) ?? hybrid.kw ?? made(hybrid.ps, kwOf),
    motor_power_kw: read('motor_power_kw', of.get('motor_power_kw')) ?? motor.kw ?? made(motor.ps, kwOf),
  }
}

function made(value: number | undefined, unit: (value: number) => number): number | undefined {
  return value === undefined ? undefined : unit(value)
}

/** What is told in both units must be the same but for rounding. */
function checkPair({ ps, kw }: Pair, notes: Notes): void {
  if (ps !== undefined && kw !== undefined && isFar(ps, kw / kwPerPs)) flag(notes, 'power', 'conflict')
}

function isFar(one: number, other: number): boolean {
  return Math.abs(one - other) > 2
}
