import { expect, test } from 'vitest'
import { gazetteerOf } from './gazetteer.ts'
import { newNotes } from './notes.ts'
import { placeOf } from './place.ts'

/** Codes of city and district, the cleaned address, flags. */
function made(address: unknown) {
  const notes = newNotes()
  const place = placeOf(address, notes)
  return [place.city_code, place.district_code, place.address, ...notes.flags]
}

test('the dictionary has every place of its list', () => {
  const { places } = gazetteerOf()
  const count = (digits: number) => [...places.keys()].filter(code => code.length === digits).length
  expect([count(2), count(4), count(6), count(9)]).toEqual([34, 337, 2_946 + 32, 82])
})

test.each([
  ['上海, 闵行', ['3101', '310112', 'Shanghai, Minhang']],
  ['Shanghai, Minhang', ['3101', '310112', 'Shanghai, Minhang']],
  ['Шанхай, Миньхан', ['3101', '310112', 'Shanghai, Minhang']],
  ['上海市，闵行区', ['3101', '310112', 'Shanghai, Minhang']],
  ['shanghai,minhang', ['3101', '310112', 'Shanghai, Minhang']],
  ['北京, ', ['1101', undefined, 'Beijing']],
  ['北京', ['1101', undefined, 'Beijing']],
  ['Цзыбо', ['3703', undefined, 'Zibo']],
  ["Xi'an, Yanta", ['6101', '610113', "Xi'an, Yanta"]],
  ['Xian', ['6101', undefined, "Xi'an"]],
])('%s is found, in any language', (address, expected) => {
  expect(made(address)).toEqual(expected)
})

/** A district of which its city has another one of that name, in Chinese: 临夏 is a city and a county of 临夏. */
const twins = new Set(['622901', '622921', '653201', '653221', '654002', '654021'])

test('every district is found in its city, by its short Chinese name', () => {
  const { places } = gazetteerOf()
  const inner = [...places.values()].filter(({ code }) => code.length > 4 && !/^\d\d90/.test(code))
  for (const { code, zh } of inner) {
    const city = code.startsWith('50') ? '5001' : code.slice(0, 4)
    const [found, district, , ...flags] = made(`${places.get(city)!.zh}, ${zh}`)
    const expected = twins.has(code) ? [city, undefined, 'district:ambiguous'] : [city, code]
    expect([zh, found, district, ...flags]).toEqual([zh, ...expected])
  }
  expect(inner).toHaveLength(2_946 + 82)
})

test('the counties of Chongqing lie in it, though their codes begin otherwise', () => {
  expect(made('重庆, 云阳')).toEqual(['5001', '500235', 'Chongqing, Yunyang'])
  expect(made('Чунцин, Фэнцзе')).toEqual(['5001', '500236', 'Chongqing, Fengjie'])
})

test.each([
  ['深圳, 闵行', '4403', 'Shenzhen'],
  ['厦门, 番禺', '3502', 'Xiamen'],
  ['银川, 巴南', '6401', 'Yinchuan'],
])('of %s the city is trusted, and the district of another city is not kept', (address, city, text) => {
  expect(made(address)).toEqual([city, undefined, text, 'district:mismatch'])
})

test('a district that nobody knows, as a development zone, is counted', () => {
  const notes = newNotes()
  expect(placeOf('合肥, 高新区', notes)).toMatchObject({ city_code: '3401', address_raw: '合肥, 高新区' })
  expect(notes.unmapped).toEqual({ district: '高新区' })
})

test.each([
  ['Suzhou, Huqiu', '3205', '苏州'],
  ['Suzhou, Yongqiao', '3413', '宿州'],
  ['Taizhou, Hailing', '3212', '泰州'],
  ['Taizhou, Jiaojiang', '3310', '台州'],
  ['Fuzhou, Taijiang', '3501', '福州'],
  ['Fuzhou, Linchuan', '3610', '抚州'],
  ['Yichun, Tieli', '2307', '伊春'],
  ['Yichun, Yuanzhou', '3609', '宜春'],
  ['Юйлинь, Юйчжоу', '4509', '玉林'],
  ['Юйлинь, Юйян', '6108', '榆林'],
])('%s is told from its twin by the district', (address, code, zh) => {
  expect(placeOf(address, newNotes())).toMatchObject({ city_code: code, city_zh: zh })
})

test.each(['Suzhou', 'Taizhou, ', 'Fuzhou, ', 'Ичунь', 'Юйлинь, Хэси'])(
  '%s may be two cities, and is neither',
  address => {
    const notes = newNotes()
    expect(placeOf(address, notes).city_code).toBeUndefined()
    expect([...notes.flags]).toEqual(['city:ambiguous'])
  },
)

test.each([
  ['吉林, 船营', '2202', 'Jilin, Chuanying'],
  ['吉林, ', '2202', 'Jilin'],
  ['吉林, 长春', '2201', 'Changchun'],
  ['朝阳, 双塔', '2113', 'Chaoyang, Shuangta'],
  ['朝阳', '2113', 'Chaoyang'],
  ['北京, 朝阳', '1101', 'Beijing, Chaoyang'],
  ['长春, 朝阳', '2201', 'Changchun, Chaoyang'],
  ['海南, 共和', '6325', 'Hainan, Gonghe'],
  ['海南, 海口', '4601', 'Haikou'],
  ['海南, 琼海', '469002', 'Qionghai'],
  ['济源, ', '419001', 'Jiyuan'],
  ['中山, 西区', '4420', 'Zhongshan, Xiqu'],
  ['东莞, 东城', '4419', 'Dongguan, Dongcheng'],
])('%s: names that are those of several places are told apart by where they stand', (address, city, text) => {
  const place = placeOf(address, newNotes())
  expect([place.city_code, place.address]).toEqual([city, text])
})

test('海南 alone is a province or a city of another one: nobody can tell', () => {
  expect(made('海南, ')).toEqual([undefined, undefined, '海南', 'city:ambiguous'])
})

test('towns of cities without districts have codes of nine digits', () => {
  expect(made('中山, 西区')).toEqual(['4420', '442000004', 'Zhongshan, Xiqu'])
})

test.each([
  ['广东, 深圳, 南山', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['广东省, 深圳市, 南山区', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['Guangdong, Shenzhen, Nanshan', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['Гуандун, Шэньчжэнь, Наньшань', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['中国, 广东, 深圳', ['4403', undefined, 'Shenzhen']],
  ['上海市, 上海市, 闵行区', ['3101', '310112', 'Shanghai, Minhang']],
  ['上海市, 市辖区, 闵行区', ['3101', '310112', 'Shanghai, Minhang']],
  ['吉林, 吉林, 船营', ['2202', '220204', 'Jilin, Chuanying']],
  ['吉林, 长春, 朝阳', ['2201', '220104', 'Changchun, Chaoyang']],
  ['吉林, 长春, 高新区', ['2201', undefined, 'Changchun', 'district:unmapped']],
  ['重庆, 重庆, 云阳', ['5001', '500235', 'Chongqing, Yunyang']],
  ['海南, 琼海', ['469002', undefined, 'Qionghai']],
  ['广东, 中山, 西区', ['4420', '442000004', 'Zhongshan, Xiqu']],
])('%s: the province may stand before its city', (address, expected) => {
  expect(made(address)).toEqual(expected)
})

test.each([
  ['上海市闵行区', ['3101', '310112', 'Shanghai, Minhang']],
  ['上海闵行', ['3101', '310112', 'Shanghai, Minhang']],
  ['北京朝阳', ['1101', '110105', 'Beijing, Chaoyang']],
  ['重庆市云阳县', ['5001', '500235', 'Chongqing, Yunyang']],
  ['广东深圳', ['4403', undefined, 'Shenzhen']],
  ['广东省深圳市南山区', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['广东 深圳 南山', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['深圳市-南山区', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['吉林船营', ['2202', '220204', 'Jilin, Chuanying']],
  ['内蒙古自治区呼和浩特市新城区', ['1501', '150102', 'Hohhot, Xincheng']],
  ['海南省琼海市', ['469002', undefined, 'Qionghai']],
  ['江苏昆山', ['3205', '320583', 'Suzhou, Kunshan']],
  ['Shanghai Minhang', ['3101', '310112', 'Shanghai, Minhang']],
  ['Guangdong Shenzhen Nanshan', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['Inner Mongolia Hohhot', ['1501', undefined, 'Hohhot']],
  ['Шанхай Миньхан', ['3101', '310112', 'Shanghai, Minhang']],
])('%s: nothing need stand between names', (address, expected) => {
  expect(made(address)).toEqual(expected)
})

test.each([
  ['上海 Minhang', ['3101', '310112', 'Shanghai, Minhang']],
  ['上海Minhang', ['3101', '310112', 'Shanghai, Minhang']],
  ['上海 Shanghai, 闵行 Minhang', ['3101', '310112', 'Shanghai, Minhang']],
  ['上海（Shanghai）', ['3101', undefined, 'Shanghai']],
  ['上海（Shanghai）闵行', ['3101', '310112', 'Shanghai, Minhang']],
  ['Shanghai City, Minhang District', ['3101', '310112', 'Shanghai, Minhang']],
  ['Guangdong Province, Shenzhen', ['4403', undefined, 'Shenzhen']],
  ['Minhang District, Shanghai, China', ['3101', '310112', 'Shanghai, Minhang']],
  ['Minhang, Shanghai', ['3101', '310112', 'Shanghai, Minhang']],
  ['Suzhou, Jiangsu', ['3205', undefined, 'Suzhou']],
  ['Suzhou, Anhui', ['3413', undefined, 'Suzhou']],
])('%s: languages may be mixed, and the larger place may stand last', (address, expected) => {
  expect(made(address)).toEqual(expected)
})

test.each([
  ['广东, 南山', ['4403', '440305', 'Shenzhen, Nanshan']],
  ['江苏, 昆山', ['3205', '320583', 'Suzhou, Kunshan']],
  ['昆山', ['3205', '320583', 'Suzhou, Kunshan']],
  ['闵行区', ['3101', '310112', 'Shanghai, Minhang']],
  ['长沙县', ['4301', '430121', 'Changsha, Changsha']],
  ['上海, 浦东', ['3101', '310115', 'Shanghai, Pudongxin']],
  ['天津, Binhai', ['1201', '120116', 'Tianjin, Binhaixin']],
  ['上海浦东新区', ['3101', '310115', 'Shanghai, Pudongxin']],
])('%s: a district that is one only there is found, and tells the city where none is told', (address, expected) => {
  expect(made(address)).toEqual(expected)
})

test.each([
  ['广东, 深圳, 高新区', ['4403', undefined, 'Shenzhen', 'district:unmapped'], { district: '高新区' }],
  ['广东, 深圳, 闵行', ['4403', undefined, 'Shenzhen', 'district:mismatch'], {}],
  ['上海市闵行区莘庄镇', ['3101', '310112', 'Shanghai, Minhang', 'address:unmapped'], { address: '莘庄镇' }],
  ['上海, 闵行, Xinzhuang', ['3101', '310112', 'Shanghai, Minhang', 'address:unmapped'], { address: 'Xinzhuang' }],
  ['合肥市高新区', ['3401', undefined, 'Hefei', 'district:unmapped'], { district: '高新区' }],
])('%s: what follows the last place that is certain is counted', (address, expected, unmapped) => {
  expect(made(address)).toEqual(expected)
  const notes = newNotes()
  placeOf(address, notes)
  expect(notes.unmapped).toEqual(unmapped)
})

test.each([
  '北京路12号',
  '吉林市场',
  'Nanjing Road 5',
  '山西营口',
  '朝阳区',
  'Chaoyang District',
  'Minhang',
  '闵行',
  '矿区',
  '深圳高新区',
  '临夏临夏',
])('%s may be something else, and stays as it is', address => {
  expect(made(address)).toEqual([undefined, undefined, address, 'city:unmapped'])
})

test('a town without its city is none, since the towns of most cities are not known', () => {
  expect(made('广东, 石龙')).toEqual([undefined, undefined, 'Guangdong', 'district:mismatch'])
})

test('a city that is trusted stays, though the words after it are the name of another', () => {
  expect(made('朝阳, 北京')).toEqual(['2113', undefined, 'Chaoyang', 'district:unmapped'])
  expect(made('河北, 桥西')).toEqual([undefined, undefined, 'Hebei', 'district:mismatch'])
})

test('a district is not taken for one where another city is told behind it', () => {
  expect(made('昆山, 北京')).toEqual([undefined, undefined, '昆山, 北京', 'city:unmapped'])
  expect(made('昆山, 玉山镇')).toEqual(['3205', '320583', 'Suzhou, Kunshan', 'address:unmapped'])
})

test.each([
  ['of one name, again and again', '上海 '.repeat(60).trim()],
  ['of names that lead two ways, again and again', '吉林 '.repeat(60).trim()],
  ['that is too long to be one', '上海市闵行区'.repeat(5_000)],
])('an address %s is none, and costs no time', (_, address) => {
  expect(made(address)).toEqual([undefined, undefined, address, 'city:unmapped'])
})

test('a city that nobody knows is counted, and the address kept as it came', () => {
  expect(made('Дантон, Центр')).toEqual([undefined, undefined, 'Дантон, Центр', 'city:unmapped'])
})

test.each([
  ['北京, 未知', ['1101', undefined, 'Beijing']],
  ['北京, --', ['1101', undefined, 'Beijing']],
  ['null, null', [undefined, undefined, undefined]],
  [',', [undefined, undefined, undefined]],
  [', 闵行', [undefined, undefined, '闵行', 'district:unmapped']],
])('of %s the half that says nothing is no word to be counted', (address, expected) => {
  expect(made(address)).toEqual(expected)
})

test('two districts of one city that are called alike are neither', () => {
  expect(made('临夏, 临夏')).toEqual(['6229', undefined, 'Linxia', 'district:ambiguous'])
  expect(made('临夏, 临夏县')[1]).toBe('622921')
})

test('names stand in three languages by the code', () => {
  expect(placeOf('苏州, 虎丘', newNotes())).toMatchObject({
    ...{ province_code: '32', province: 'Jiangsu', city: 'Suzhou', city_zh: '苏州', city_ru: 'Сучжоу' },
  })
})

test('an address that is not told says nothing', () => {
  for (const nothing of ['', null, '-', {}]) expect(placeOf(nothing, newNotes())).toEqual({})
})

test.each([`中国${' .'.repeat(6)}`.repeat(12), "中国'".repeat(60), '吉林'.repeat(60), '上海 闵行 '.repeat(30)])(
  'an address that can be read in very many ways says nothing, and soon: %s',
  address => {
    expect(made(address).slice(0, 2)).toEqual([undefined, undefined])
  },
)
