import { type Dice, pick } from './dice.ts'

const openings = [
  '外观：漆面保养良好，车身结构无修复，无重大事故。',
  '个人一手车，全程4S店保养。',
  '原版原漆，三电无损，支持复检。',
]
const middles = [
  '内饰：干净整洁，座椅无磨损。',
  '可按揭，首付低至三成，手续齐全，随时提车。',
  '支持第三方检测，异地可代办运输。',
]
const shops = ['车况精品', '诚信车行', '名车汇']

/** What a seller says of the car, by a key of its own. Some leave a telephone number, some their WeChat. */
export function wordsOf(dice: Dice, key: number): string {
  const text = pick(openings, dice('opening', key)) + pick(middles, dice('middle', key))
  const contact = dice('contact', key)
  const number = 100_000_000 + Math.floor(899_999_999 * dice('number', key))
  if (contact < 0.15) return `${text}\n联系电话：13${number}`
  if (contact < 0.25) return `${text}\n微信同号：wx_${number}，${pick(shops, contact * 4)}`
  return text
}

const folders = ['g31/M0B/14/B6', 'g30/M02/5D/71', 'g29/M01/2A/7F']

/** The addresses of 3 to 10 pictures. */
export function imagesOf(dice: Dice, index: number): string[] {
  const count = 3 + Math.floor(8 * dice('images', index))
  const name = Math.floor(2 ** 31 * dice('image', index))
  return Array.from({ length: count }, (_, nth) => {
    const file = `1024x768_c42_autohomecar__${(name + nth).toString(36).padStart(8, '0')}.jpg.webp`
    return `https://2sc2.autoimg.cn/escimg/auto/${folders[nth % folders.length]}/${file}`
  })
}
