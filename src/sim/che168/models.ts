import type { BodyName } from './bodies.ts'
import type { EngineName } from './engines.ts'
import type { GearboxName } from './gearboxes.ts'

/** How a car is driven: the word of the table without the engine's place. */
export type Wheels = '前驱' | '后驱' | '四驱'

export type Model = {
  weight: number
  /** As the vendor writes them in /filters: English where it has one, Chinese in the tail. */
  mark: string
  model: string
  /** Mark and series in Chinese. */
  markZh: string
  series: string
  maker: string
  vehicleClass: string
  body: BodyName
  seats: string
  /** New, in yuan. */
  price: number
  engines: EngineName[]
  boxes: GearboxName[]
  wheels: Wheels[]
  years: [number, number]
  /** Commercial ones have but a few parameters. */
  commercial: boolean
}

/**
 * Weight; mark | mark in Chinese; model | series; maker | class; body and seats; new price in thousands of yuan; engines;
 * gearboxes; wheels; first and last model year. Written for this imitation; shares follow a sample of 50 adverts in which
 * 28 % were of one mark.
 */
const rows = `
90 Mercedes-Benz|奔驰 C-Class|奔驰C级 北京奔驰|中型车 sedan:5 311 t20b,m15 d7,a9 后驱 2008-2024
70 Mercedes-Benz|奔驰 E-Class|奔驰E级 北京奔驰|中大型车 saloon:5 450 t20b,m20,x20 a9 后驱,四驱 2007-2024
50 Mercedes-Benz|奔驰 GLC|奔驰GLC 北京奔驰|中型SUV suv:5 420 t20b,m20 a9 四驱 2016-2024
30 Mercedes-Benz|奔驰 S-Class|奔驰S级 奔驰(进口)|大型车 sedan:5 920 p30v,m30 a9,a6 后驱,四驱 2006-2024
25 Mercedes-Benz|奔驰 V-Class|奔驰V级 福建奔驰|中大型MPV mpv:7/8/9 480 t20b a9 后驱 2016-2023
12 Mercedes-Benz|奔驰 G-Class|奔驰G级 奔驰(进口)|中大型SUV suv:5 1790 m30 a9 四驱 2012-2024
3 Mercedes-Benz|奔驰 SLK|奔驰SLK级 奔驰(进口)|跑车 open:2 600 t20b a6 后驱 2009-2016
50 BMW|宝马 3|宝马3系 华晨宝马|中型车 sedan:5 320 t20,t30 a8 后驱 2005-2024
45 BMW|宝马 5|宝马5系 华晨宝马|中大型车 saloon:5 440 t20,t30 a8 后驱,四驱 2005-2024
25 BMW|宝马 X3|宝马X3 华晨宝马|中型SUV suv:5 410 t20,t30 a8 四驱 2011-2024
8 BMW|宝马 i3|宝马i3 华晨宝马|中型车 sedan:5 354 e194 e1 后驱 2022-2024
45 Audi|奥迪 A4L|奥迪A4L 一汽-大众|中型车 saloon:5 330 t18,t20 v8,d7 前驱,四驱 2009-2024
40 Audi|奥迪 A6L|奥迪A6L 一汽奥迪|中大型车 sedan:5 430 t20,t30v d7,v8 前驱,四驱 2005-2024
20 Audi|奥迪 Q5L|奥迪Q5L 一汽-大众奥迪|中型SUV suv:5 400 t20 d7 四驱 2018-2024
4 Audi|奥迪 TT|奥迪TT 奥迪(进口)|跑车 coupe:4 520 t20 d7 前驱,四驱 2007-2021
2 奥迪AUDI|奥迪AUDI E5|奥迪E5 上汽奥迪|中大型车 wagon:5 300 e331 e1 四驱 2025-2025
35 Volkswagen|大众 Passat|帕萨特 上汽大众|中型车 sedan:5 220 t14,t20 k7,d7 前驱 2005-2024
30 Volkswagen|大众 Lavida|朗逸 上汽大众|紧凑型车 sedan:5 130 p15,t14 m5,a6 前驱 2008-2024
22 Volkswagen|大众 Golf|高尔夫 一汽-大众|紧凑型车 hatch:5 150 p16,t14 m5,k7 前驱 2004-2024
30 Toyota|丰田 Camry|凯美瑞 广汽丰田|中型车 sedan:5 210 p20,h25 a6,ev 前驱 2006-2024
25 Toyota|丰田 RAV4|RAV4荣放 一汽丰田|紧凑型SUV suv:5 210 p20,h25 v0,ev 前驱,四驱 2009-2024
30 Honda|本田 Accord|雅阁 广汽本田|中型车 sedan:5 200 t15,p20 v8,a6 前驱 2005-2024
22 Honda|本田 CR-V|本田CR-V 东风本田|紧凑型SUV suv:5 200 t15 v8 前驱,四驱 2007-2024
25 Nissan|日产 Sylphy|轩逸 东风日产|紧凑型车 sedan:5 130 p16,q12 v8,m5 前驱 2006-2024
18 Buick|别克 GL8|别克GL8 上汽通用别克|中大型MPV mpv:7 290 t20,m20 a9 前驱 2005-2024
18 Ford|福特 Focus|福克斯 长安福特|紧凑型车 lift:5 130 p16,t15 m5,a6 前驱 2005-2021
12 Kia|起亚 K2|起亚K2 东风悦达起亚|小型车 sedan:5 80 p14,p16 m5,a4 前驱 2011-2019
12 Chery|奇瑞 QQ3|奇瑞QQ3 奇瑞汽车|微型车 hatch:4 40 p10 m5 前驱 2003-2012
25 BYD|比亚迪 Qin_PLUS|秦PLUS 比亚迪|紧凑型车 sedan:5 130 x15,e100 ev,e1 前驱 2021-2024
10 BYD|比亚迪 海豹06_DM-i旅行版|海豹06_DM-i旅行版 比亚迪|中型车 wagon:5 120 x15 ev 前驱 2024-2025
18 Tesla|特斯拉 Model_3|Model_3 特斯拉中国|中型车 sedan:5 280 e194,e331 e1 后驱,四驱 2019-2024
16 Tesla|特斯拉 Model_Y|Model_Y 特斯拉中国|中型SUV suv:5 310 e194,e331 e1 后驱,四驱 2021-2024
14 Li|理想 L7|理想L7 理想汽车|中大型SUV suv:5 340 r15 e1 四驱 2022-2024
8 AITO_问界|问界 M5|问界M5 赛力斯汽车|中型SUV suv:5 280 r15 e1 后驱,四驱 2022-2024
6 小米汽车|小米 小米YU7|小米YU7 小米汽车|中大型SUV suv:5 270 e194,e331 e1 后驱,四驱 2025-2025
10 Geely|吉利 Emgrand|帝豪 吉利汽车|紧凑型车 sedan:5 85 p15,g18 m5,v8,h3 前驱 2010-2024
14 Haval|哈弗 H6|哈弗H6 长城汽车|紧凑型SUV suv:5 120 t15 d7,m6 前驱,四驱 2012-2024
5 Porsche|保时捷 718|Porsche_718 保时捷|跑车 coupe:2 640 t25h d7 后驱 2016-2023
4 Lamborghini|兰博基尼 Huracán|Huracán 兰博基尼|跑车 coupe:2 3400 p52v d7 后驱 2015-2022
9 Great_Wall|长城 Poer|长城炮 长城汽车|高端皮卡 pickup:5 130 d20 m6,a8 后驱,四驱 2019-2024
9 Wuling|五菱 Hongguang|五菱宏光 上汽通用五菱|紧凑型MPV mpv:4-7 50 p15,c15 m5 后驱 2010-2024
5 RE-MAX_瑞迈|RE-MAX_瑞迈 S|瑞迈S 江铃汽车|低端皮卡 pickup:5 80 d25 m5 后驱 2015-2020
3 Changan|长安 跨越王X5|跨越王X5 长安跨越|微卡 truck:2 52 p15,n12 m5 后驱 2018-2023 commercial
3 Maxus|上汽大通 V80|大通V80 上汽大通|轻客 bus:15 140 d20 m6,r6 前驱 2011-2023 commercial
2 金冠汽车|金冠汽车 悦意07|悦意07 金冠汽车|中型SUV suv:5 160 e194 e1 后驱 2024-2025
1 金冠汽车|金冠汽车 龙耀6|龙耀6 金冠汽车|轻客 bus:10 200 e100,f120 e1 后驱 2022-2024 commercial
2 Wuling|五菱 荣光|五菱荣光 上汽通用五菱|微面 micro:7 45 p15,c15 m5 后驱 2009-2022
`

export const models: readonly Model[] = rows.trim().split('\n').map(read)

function read(row: string): Model {
  const [weight, mark, model, maker, body, price, engines, boxes, wheels, years, kind] = row.split(' ')
  const [markName, markZh, modelName, series] = [mark!, model!].flatMap(pair => pair.replaceAll('_', ' ').split('|'))
  const [makerName, vehicleClass] = maker!.split('|')
  const [bodyName, seats] = body!.split(':')
  const [first, last] = years!.split('-').map(Number)
  return {
    ...{ weight: Number(weight), mark: markName!, markZh: markZh!, model: modelName!, series: series! },
    ...{ maker: makerName!, vehicleClass: vehicleClass!, body: bodyName as BodyName, seats: seats! },
    ...{ price: Number(price) * 1000, engines: engines!.split(',') as EngineName[] },
    ...{ boxes: boxes!.split(',') as GearboxName[], wheels: wheels!.split(',') as Wheels[] },
    ...{ years: [first!, last!], commercial: kind === 'commercial' },
  }
}
