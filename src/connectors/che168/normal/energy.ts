import type { Thing } from './json.ts'
import { flag, type Notes } from './notes.ts'
import type { Spec } from './spec.ts'
import { coded, dictionary } from './words.ts'

/** What drives a car: our word for the vendor's kinds of engine, the fuel, and how it becomes motion. */
type Energy = { fuel: string; powertrain: string }

const energies: Readonly<Record<string, Energy>> = {
  petrol: { fuel: 'petrol', powertrain: 'ice' },
  petrol_24v: { fuel: 'petrol', powertrain: 'mhev' },
  petrol_48v: { fuel: 'petrol', powertrain: 'mhev' },
  petrol_90v: { fuel: 'petrol', powertrain: 'mhev' },
  petrol_electric_drive: { fuel: 'petrol', powertrain: 'hev' },
  hybrid: { fuel: 'petrol', powertrain: 'hev' },
  plug_in_hybrid: { fuel: 'petrol', powertrain: 'phev' },
  range_extender: { fuel: 'petrol', powertrain: 'reev' },
  electric: { fuel: 'electric', powertrain: 'bev' },
  diesel: { fuel: 'diesel', powertrain: 'ice' },
  diesel_48v: { fuel: 'diesel', powertrain: 'mhev' },
  petrol_cng: { fuel: 'petrol_cng', powertrain: 'ice' },
  cng: { fuel: 'cng', powertrain: 'ice' },
  hydrogen: { fuel: 'hydrogen', powertrain: 'fcev' },
  methanol: { fuel: 'methanol', powertrain: 'ice' },
  methanol_hybrid: { fuel: 'methanol', powertrain: 'hev' },
}

const look = dictionary('engine_type')

/**
 * The kind of engine, by the spec table before the advert's label, because that is finer. What the engine burns (燃料形式)
 * stands in for the table's kind; of a hybrid it may name the fuel alone, and then the label tells more.
 */
export function energyOf(data: Thing, { of }: Spec, notes: Notes) {
  const label = coded(notes, 'engine_type', data.engine_type, look)
  const table = coded(notes, 'energy', of.get('powertrain'), look)
  const burnt = table === undefined ? burntBy(of, notes) : undefined
  const engine_type = table ?? finer(burnt, label)
  if (label !== undefined && (engine_type !== label || isOther(burnt, label))) flag(notes, 'engine_type', 'conflict')
  const energy = engine_type === undefined ? undefined : energies[engine_type]
  return { engine_type, powertrain: energy?.powertrain, fuel_type: energy?.fuel }
}

function burntBy(of: Spec['of'], notes: Notes): string | undefined {
  return coded(notes, 'energy', of.get('engine_fuel'), look) ?? spoken(of.get('engine_text'))
}

const pure = new Set(['ice', 'bev', 'fcev'])

function finer(burnt: string | undefined, label: string | undefined): string | undefined {
  if (burnt === undefined || label === undefined) return burnt ?? label
  const isFuelAlone = energies[burnt]?.powertrain === 'ice'
  return isFuelAlone && !pure.has(energies[label]?.powertrain ?? '') ? label : burnt
}

/** Whether the engine burns something else than the label says. */
function isOther(burnt: string | undefined, label: string): boolean {
  return burnt !== undefined && energies[burnt]?.fuel !== energies[label]?.fuel
}

/** The engine's own text says it of two kinds. */
function spoken(text = ''): string | undefined {
  return text.startsWith('纯电动') ? 'electric' : text.startsWith('增程') ? 'range_extender' : undefined
}
