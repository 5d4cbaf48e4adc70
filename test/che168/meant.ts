import type { imitateChe168 } from '../../src/sim/che168/che168.ts'

type Vendor = ReturnType<typeof imitateChe168>
/** A car as the imitated vendor means it. */
export type Car = ReturnType<Vendor['truth']> extends Iterable<{ car: infer Its }> ? Its : never

/** Names that the imitated vendor writes in Chinese or shorter, and ours. */
const names: Readonly<Record<string, string>> = {
  ...{ 'AITO 问界': 'AITO', 小米汽车: 'Xiaomi', 奥迪AUDI: 'AUDI', Li: 'Li Auto' },
  ...{ 荣光: 'Rongguang', 小米YU7: 'YU7' },
}

function nameOf(name: string | null): string | null {
  return name === null ? null : (names[name] ?? name)
}

type Values = Readonly<Record<string, unknown>>

/** What the columns should hold of a car that the vendor means so. */
export function meantBy(car: Car): Values {
  const { engine, gearbox, battery, body } = car
  const hasEngine = engine.ps !== null
  return {
    ...{ mark: nameOf(car.mark), model: nameOf(car.model), year: car.year, price: car.priceCny },
    ...{ km_age: car.mileageKm, color: car.color, fuel_type: car.fuel, powertrain: car.powertrain },
    transmission_type: gearbox.kind === 'manual' ? 'manual' : 'automatic',
    ...{ gears: gearbox.gears, gears_simulated: gearbox.simulated, drive_type: car.drive },
    ...{ body_type: body.kind, doors: body.doors, seats_min: body.seatsMin, seats_max: body.seatsMax },
    ...{ displacement_cc: engine.cc, displacement: engine.litres ?? (engine.cc && Math.round(engine.cc / 100) / 10) },
    // Where nobody says that a car is electric, the power of its motors is that of the car only if it is told as such.
    ...(hasEngine ? { power: engine.ps, power_kw: engine.kw } : car.powertrain ? { power_kw: car.motorKw } : {}),
    ...{ engine_model: engine.code, motor_power_kw: car.motorKw, system_power_kw: car.systemKw },
    ...{ system_torque_nm: car.torqueNm, battery_kwh: battery.kwh, ev_range_km: battery.rangeKm },
    ...{ ev_range_cycle: battery.cycle?.toLowerCase() ?? null, emission_standard: car.emission, vin: car.vin },
    ...{ first_registration: `${car.registered}-01`, offer_created: car.listedOn, specid: car.specId },
    city_zh: car.isTwin ? null : car.cityZh,
    ...{ hasDistrict: car.districtZh !== null, hasClass: car.vehicleClass !== null, hasMaker: car.maker !== null },
  }
}

/** What a row holds, for comparison with what it should: of some columns only whether they hold anything. */
export function readFrom(row: Values): Values {
  const has = { hasDistrict: !!row.district_code, hasClass: !!row.car_class, hasMaker: !!row.manufacturer }
  return { ...Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null])), ...has }
}
