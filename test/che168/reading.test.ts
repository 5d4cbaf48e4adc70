import { expect, test } from 'vitest'
import { normalized } from '../../src/connectors/che168/normal/advert.ts'
import { imitateChe168 } from '../../src/sim/che168/che168.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

type Vendor = ReturnType<typeof imitateChe168>
type Car = ReturnType<Vendor['truth']> extends Iterable<{ car: infer Its }> ? Its : never

/** Names that the imitated vendor writes in Chinese, and ours. */
const names: Readonly<Record<string, string>> = {
  ...{ 'AITO 问界': 'AITO', 小米汽车: 'Xiaomi', 奥迪AUDI: 'AUDI' },
  ...{ 荣光: 'Rongguang', 小米YU7: 'YU7' },
}

function nameOf(name: string | null): string | null {
  return name === null ? null : (names[name] ?? name)
}

/** What the columns should hold of a car that the vendor means so. */
function meant(car: Car) {
  const { engine, gearbox, battery, body } = car
  const hasEngine = engine.ps !== null
  return {
    ...{ mark: nameOf(car.mark), model: nameOf(car.model), year: car.year, price: car.priceCny },
    ...{ km_age: car.mileageKm, color: car.color, fuel_type: car.fuel, powertrain: car.powertrain },
    transmission_type: gearbox.kind === 'manual' ? 'manual' : 'automatic',
    ...{ gears: gearbox.gears, gears_simulated: gearbox.simulated, drive_type: car.drive },
    ...{ body_type: body.kind, doors: body.doors, seats_min: body.seatsMin, seats_max: body.seatsMax },
    ...{ displacement_cc: engine.cc, displacement: engine.litres ?? (engine.cc && Math.round(engine.cc / 100) / 10) },
    ...(hasEngine ? { power: engine.ps, power_kw: engine.kw } : { power_kw: car.motorKw }),
    ...{ engine_model: engine.code, motor_power_kw: car.motorKw, system_power_kw: car.systemKw },
    ...{ system_torque_nm: car.torqueNm, battery_kwh: battery.kwh, ev_range_km: battery.rangeKm },
    ...{ ev_range_cycle: battery.cycle?.toLowerCase() ?? null, emission_standard: car.emission, vin: car.vin },
    ...{ first_registration: `${car.registered}-01`, offer_created: car.listedOn, specid: car.specId },
    city_zh: car.isTwin ? null : car.cityZh,
    ...{ hasDistrict: car.districtZh !== null, hasClass: car.vehicleClass !== null, hasMaker: car.maker !== null },
  }
}

/** Names of the imitated market that no dictionary has. */
const strange = ['RE-MAX 瑞迈', '悦意07', '海豹06 DM-i旅行版', '跨越王X5', '金冠汽车', '龙耀6']
const zones = new Set(['高新', 'Gaoxin', 'Гаосинь'])

test.each(['ru', 'en'] as const)('of 3,000 adverts (%s) every column says what the vendor means', language => {
  const vendor = imitateChe168({ adverts: 3_000, since: now - 3 * 86_400_000, now: () => now, key: 'key', language })
  let read = 0
  const unknown = new Set<string>()
  for (const { innerId, car } of vendor.truth()) {
    const { values: row, notes } = normalized({ innerId, data: vendor.sent(innerId)!, year: 2026 })
    const told = Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null]))
    const has = { hasDistrict: !!row.district_code, hasClass: !!row.car_class, hasMaker: !!row.manufacturer }
    expect({ innerId, ...told, ...has }).toMatchObject({ innerId, ...meant(car) })
    for (const word of Object.values(notes.unmapped)) if (!zones.has(word)) unknown.add(word)
    read++
  }
  expect(read).toBeGreaterThan(3_000)
  expect([...unknown].toSorted()).toEqual(strange.toSorted())
})
