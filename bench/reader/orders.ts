/** How many orders the answer holds: the largest one a marketplace gives at a time. */
export const orderCount = 80_000

/** Nearly all vendors' ids are exact as floats; with ids of 19 digits each number is looked at by itself. */
export type Ids = 'short' | 'long'

const cities = ['Москва', 'Санкт-Петербург', 'Новосибирск', 'Екатеринбург', 'Казань']
const brands = ['Northwind', 'Contoso', 'Тёплый дом', 'Acme & Sons', 'Лён и хлопок']

/** The answer, piece by piece: orders of 28 fields as marketplaces send them, some 63 MB. */
export function* answerOf(ids: Ids): Generator<string> {
  yield '{"code":0,"data":{"items":['
  for (let at = 0; at < orderCount; at += 100) {
    const orders = Array.from({ length: 100 }, (_, index) => JSON.stringify(orderOf(at + index)))
    const text = orders.join()
    yield (at > 0 ? ',' : '') + (ids === 'short' ? text : text.replaceAll('"incomeID":', '"incomeID":9223372036'))
  }
  yield '],"total":80000},"error":null}'
}

function orderOf(at: number) {
  const price = (50_000 + ((at * 7_919) % 250_000)) / 100
  const discount = at % 60
  const day = new Date(Date.UTC(2026, 0, 1) + at * 37_000).toISOString()
  const hex = (at * 2_654_435_761).toString(16).padStart(14, '0')
  return {
    date: day.slice(0, 19),
    lastChangeDate: day.slice(0, 19),
    orderUid: `${hex}${hex}`,
    srid: `d${at % 10}.r${hex}.${at % 7}.0`,
    warehouseName: `Склад ${cities[at % 5]} №${at % 40}`,
    warehouseType: 'Склад продавца',
    countryName: 'Россия',
    oblastOkrugName: 'Центральный',
    regionName: `${cities[(at * 3) % 5]}`,
    supplierArticle: `ART-${at % 5_000}/"${at % 9}"`,
    nmId: 100_000_000 + ((at * 131) % 90_000_000),
    barcode: `20${(4_000_000_000 + at * 17).toString()}`,
    category: 'Одежда и обувь',
    subject: 'Свитшоты',
    brand: brands[at % 5],
    techSize: `${40 + (at % 20)}`,
    incomeID: 10_000_000 + at,
    isSupply: at % 2 === 0,
    isRealization: at % 3 === 0,
    totalPrice: price,
    discountPercent: discount,
    spp: (at % 290) / 10,
    finishedPrice: Math.round(price * (100 - discount)) / 100,
    priceWithDisc: Math.round(price * (99 - discount)) / 100,
    isCancel: at % 11 === 0,
    cancelDate: at % 11 === 0 ? day.slice(0, 19) : '0001-01-01T00:00:00',
    sticker: `${(at * 9_973) % 100_000_000}`,
    gNumber: `${9_000_000_000_000 + at * 31}`,
  }
}
