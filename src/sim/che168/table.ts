import { type Dice, pick } from './dice.ts'
import { kwOf } from './engines.ts'
import { litresOf, type Spec, systemOf } from './spec.ts'

/** One parameter of a spec table. Ids differ between systems; group and name are the key. */
type Item = { id: number; name: string; value: string }

export type Group = { name: string; paramitems: Item[] }

/** The dot of N·m is one or the other. */
const dots = ['\u00b7', '\u30fb']

const nulls = ['-', '--', '', '待查', '未知', '暂无']

/** What nobody filled in for some specs; of the rest a normalised value may be derived, so that it is always told. */
const optional = new Set([97, 109, 89, 117, 110, 128, 34, 39, 16, 18, 24, 23, 46, 48, 50, 142, 146, 81, 83])

/**
 * The table of a spec in 6 to 8 technical groups. It belongs to the spec: two adverts of it show the same one. The
 * adverts of commercial cars show its first parameters alone.
 */
export function tableOf(dice: Dice, spec: Spec, parameters = Number.POSITIVE_INFINITY): Group[] {
  const variant = variantOf(dice, spec)
  const groups: [string, [number, string, string][]][] = [
    ['基本参数', basic(dice, spec)],
    ['车身', shell(spec)],
    ['发动机', combustion(spec)],
    ['电动机', motors(spec)],
    ['电池/充电', battery(spec)],
    ['变速箱', gearbox(spec)],
    ['底盘转向', chassis(dice, spec)],
    ['车轮制动', wheels(spec)],
  ]
  let left = spec.model.commercial ? parameters : Number.POSITIVE_INFINITY
  return groups.flatMap(([name, items]) => {
    const told = items.slice(0, left)
    left -= told.length
    if (told.length === 0) return []
    return [{ name, paramitems: told.map(([id, of, value]) => written(dice, spec, variant, { id, name: of, value })) }]
  })
}

/** One writing for the whole table: 挡 or 档, brackets of either width, a dot of either kind. */
type Variant = { gear: string; isWide: boolean; dot: string }

function variantOf(dice: Dice, { id }: Spec): Variant {
  return {
    gear: dice('gear', id) < 0.8 ? '挡' : '档',
    isWide: dice('wide', id) < 0.2,
    dot: pick(dots, dice('dot', id)),
  }
}

function written(dice: Dice, { id: spec }: Spec, { gear, isWide, dot }: Variant, item: Item): Item {
  const name = item.name.replace('挡', gear).replace('·', dot)
  if (optional.has(item.id) && dice(`untold ${item.id}`, spec) < 0.25)
    return { ...item, name, value: pick(nulls, dice(`null ${item.id}`, spec)) }
  const value = item.value.replace('挡', gear)
  return { ...item, name, value: isWide ? value.replaceAll('(', '（').replaceAll(')', '）') : value }
}

type Row = [id: number, name: string, value: string]

function basic(dice: Dice, spec: Spec): Row[] {
  const { model, year, drive, box, body, id } = spec
  const { battery } = drive
  const price = dice('unpriced', id) < 0.03 ? '暂无报价' : `${(model.price / 10_000).toFixed(2)}万`
  return [
    [93, '车型名称', `${model.series} ${year}款 ${spec.trim}`],
    [86, '厂商指导价(元)', price],
    [94, '厂商', model.maker],
    [91, '级别', model.vehicleClass],
    [90, '能源类型', drive.energy],
    [104, '环保标准', spec.emission?.text ?? '-'],
    [87, '上市时间', `${year - 1}.${pick(['03', '09', '11'], dice('launch', id))}`],
    [88, '最大功率(kW)', String(systemOf(drive))],
    [116, '最大扭矩(N·m)', String(systemTorque(spec))],
    [101, '发动机', engineText(spec)],
    [108, '变速箱', box.short],
    [92, '长*宽*高(mm)', dimensions(dice, spec)],
    [115, '车身结构', `${body.doors}门${model.seats}座${body.structure}`],
    [96, '最高车速(km/h)', '210'],
    [97, '官方0-100km/h加速(s)', '7.9'],
    [109, '实测0-100km/h加速(s)', '-'],
    [89, '实测100-0km/h制动(m)', '38.61'],
    ...(drive.ice ? ([[117, 'WLTC综合油耗(L/100km)', '6.8']] as Row[]) : []),
    ...(battery ? ([range(battery), [105, '快充时间(小时)', '0.5']] as Row[]) : []),
    [103, '整车质保', '三年或10万公里'],
    [110, '首任车主质保政策', '-'],
  ]
}

function range({ km, cycle }: { km: number; cycle: 'CLTC' | 'WLTC' | 'NEDC' }): Row {
  return [{ CLTC: 125, WLTC: 122, NEDC: 153 }[cycle], `${cycle}纯电续航里程(km)`, String(km)]
}

/** The whole car's: of all that turns the wheels. */
export function systemTorque({ drive }: Spec): number {
  return Math.max(drive.ice?.nm ?? 0, drive.motor?.nm ?? 0)
}

/** The only texts that do not follow the grammar are the ones for a range extender and for a motor. */
function engineText({ drive: { energy, ice, motor } }: Spec): string {
  if (!ice) return `纯电动 ${psOf(motor!.kw)}马力`
  if (energy === '增程式') return `增程器 ${ice.ps}马力`
  return `${litresOf(ice)}${ice.turbo ? 'T' : 'L'} ${ice.ps}马力 ${ice.shape}`
}

export function psOf(kw: number): number {
  return Math.round(kw / 0.73549875)
}

/** One in thirty lacks its width in the middle of the text. */
function dimensions(dice: Dice, { id }: Spec): string {
  return dice('width', id) < 1 / 30 ? '4704*未知*1454' : '4704*1810*1454'
}

function shell({ body, model, drive }: Spec): Row[] {
  return [
    [28, '长度(mm)', '4704'],
    [29, '宽度(mm)', '1810'],
    [30, '高度(mm)', '1454'],
    [31, '轴距(mm)', '2840'],
    [32, '前轮距(mm)', '1566'],
    [33, '后轮距(mm)', '1546'],
    [34, '满载最小离地间隙(mm)', '120'],
    [35, '车身结构', body.structure],
    [36, '车门数(个)', String(body.doors)],
    [26, '座位数(个)', model.seats],
    ...(drive.ice ? ([[38, '油箱容积(L)', '66']] as Row[]) : []),
    [39, '后备厢容积(L)', '475-1550'],
    [106, '整备质量(kg)', '1595'],
    [128, '风阻系数(Cd)', '0.28'],
  ]
}

function combustion({ drive: { ice, energy } }: Spec): Row[] {
  if (!ice) return []
  return [
    [58, '发动机型号', ice.code],
    [3, '排量(mL)', String(ice.cc)],
    [4, '排量(L)', litresOf(ice)],
    [13, '进气形式', ice.turbo ? '涡轮增压' : '自然吸气'],
    [123, '发动机布局', '纵置'],
    [5, '气缸排列形式', ice.shape.charAt(0)],
    [6, '气缸数(个)', ice.shape.slice(1)],
    [10, '每缸气门数(个)', '4'],
    [11, '配气机构', 'DOHC'],
    [14, '最大马力(Ps)', String(ice.ps)],
    [15, '最大功率(kW)', String(kwOf(ice.ps))],
    [16, '最大功率转速(rpm)', '5800-6100'],
    [17, '最大扭矩(N·m)', String(ice.nm)],
    [18, '最大扭矩转速(rpm)', '3000-4000'],
    [121, '最大净功率(kW)', String(kwOf(ice.ps) - 5)],
    [20, '燃料形式', energy],
    [21, '燃油标号', energy === '柴油' ? '0号' : '95号'],
    [22, '供油方式', ice.turbo ? '直喷' : '多点电喷'],
    [24, '缸盖材料', '铝合金'],
    [23, '缸体材料', '铝合金'],
  ]
}

function motors({ drive: { motor, ice, systemKw } }: Spec): Row[] {
  if (!motor) return []
  const together: Row[] = ice && systemKw ? [[77, '系统综合功率(kW)', String(systemKw)]] : []
  return [
    [76, '电机类型', '永磁/同步'],
    [59, '电动机总功率(kW)', String(motor.kw)],
    [60, '电动机总扭矩(N·m)', String(motor.nm)],
    ...together,
    [82, '驱动电机数', motor.count === 1 ? '单电机' : '双电机'],
    [83, '电机布局', motor.count === 1 ? '前置' : '前置+后置'],
  ]
}

function battery({ drive: { battery } }: Spec): Row[] {
  if (!battery) return []
  return [
    [79, '电池类型', '磷酸铁锂电池'],
    [142, '电芯品牌', '宁德时代'],
    [64, '电池能量(kWh)', String(battery.kwh)],
    [146, '快充功率(kW)', '90'],
    [81, '快充电量(%)', '30-80'],
    [85, '慢充时间(小时)', '6.5'],
  ]
}

function gearbox({ box }: Spec): Row[] {
  return [
    [41, '挡位个数', box.count],
    [40, '变速箱类型', box.type],
    [100, '简称', box.short],
  ]
}

function chassis(dice: Dice, spec: Spec): Row[] {
  const layout = driveText(spec)
  const four: Row[] = layout.endsWith('四驱') ? [[62, '四驱形式', '全时四驱']] : []
  return [
    [42, '驱动方式', layout],
    ...four,
    [43, '前悬架类型', pick(['多连杆式独立悬架', '麦弗逊式独立悬架'], dice('suspension', spec.id))],
    [44, '后悬架类型', '多连杆式独立悬架'],
    [46, '助力类型', '电动助力'],
    [55, '车体结构', spec.body.structure === '皮卡' ? '非承载式' : '承载式'],
  ]
}

/** Two motors drive four wheels; sports cars bear their engine in the middle. */
export function driveText({ drive, wheels, model }: Spec): string {
  if (drive.motor?.count === 2) return `双电机${wheels === '前驱' ? '四驱' : wheels}`
  if (!drive.ice) return `${wheels === '前驱' ? '前置' : '后置'}${wheels}`
  return `${model.body === 'coupe' && wheels === '后驱' ? '中置' : '前置'}${wheels}`
}

function wheels({ model }: Spec): Row[] {
  return [
    [47, '前制动器类型', '通风盘式'],
    [48, '后制动器类型', '盘式'],
    [56, '驻车制动类型', model.price < 100_000 ? '手刹' : '电子驻车'],
    [49, '前轮胎规格', '225/50 R17'],
    [50, '后轮胎规格', '225/50 R17'],
    [53, '备胎规格', model.body === 'coupe' ? '无' : '非全尺寸'],
  ]
}
