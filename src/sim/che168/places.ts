/** A place by its three names. */
type Place = { zh: string; en: string; ru: string }

export type City = Place & { districts: Place[] }

/**
 * City: districts, each as Chinese/English/Russian. The first ten cities have a twin: 苏州 and 宿州 are written alike in
 * Latin and in Russian letters, and only a district tells them apart.
 */
const rows = `
苏州/Suzhou/Сучжоу: 虎丘/Huqiu/Хуцю 吴中/Wuzhong/Учжун
宿州/Suzhou/Сучжоу: 埇桥/Yongqiao/Юнцяо 砀山/Dangshan/Даншань
泰州/Taizhou/Тайчжоу: 海陵/Hailing/Хайлин 姜堰/Jiangyan/Цзянъянь
台州/Taizhou/Тайчжоу: 椒江/Jiaojiang/Цзяоцзян 黄岩/Huangyan/Хуанъянь
福州/Fuzhou/Фучжоу: 鼓楼/Gulou/Гулоу 台江/Taijiang/Тайцзян
抚州/Fuzhou/Фучжоу: 临川/Linchuan/Линьчуань 东乡/Dongxiang/Дунсян
伊春/Yichun/Ичунь: 金林/Jinlin/Цзиньлинь 铁力/Tieli/Тели
宜春/Yichun/Ичунь: 袁州/Yuanzhou/Юаньчжоу 樟树/Zhangshu/Чжаншу
玉林/Yulin/Юйлинь: 玉州/Yuzhou/Юйчжоу 福绵/Fumian/Фумянь
榆林/Yulin/Юйлинь: 榆阳/Yuyang/Юйян 横山/Hengshan/Хэншань
北京/Beijing/Пекин: 朝阳/Chaoyang/Чаоян 海淀/Haidian/Хайдянь 丰台/Fengtai/Фэнтай
上海/Shanghai/Шанхай: 闵行/Minhang/Миньхан 浦东新/Pudongxin/Пудунсинь 嘉定/Jiading/Цзядин
广州/Guangzhou/Гуанчжоу: 番禺/Panyu/Паньюй 白云/Baiyun/Байюнь 天河/Tianhe/Тяньхэ
深圳/Shenzhen/Шэньчжэнь: 龙岗/Longgang/Лунган 宝安/Bao'an/Баоань 南山/Nanshan/Наньшань
重庆/Chongqing/Чунцин: 巴南/Banan/Банань 渝北/Yubei/Юйбэй 云阳/Yunyang/Юньян
成都/Chengdu/Чэнду: 武侯/Wuhou/Ухоу 金牛/Jinniu/Цзиньню
杭州/Hangzhou/Ханчжоу: 余杭/Yuhang/Юйхан 萧山/Xiaoshan/Сяошань
厦门/Xiamen/Сямэнь: 思明/Siming/Сымин 湖里/Huli/Хули
银川/Yinchuan/Иньчуань: 兴庆/Xingqing/Синцин 金凤/Jinfeng/Цзиньфэн
中山/Zhongshan/Чжуншань:
东莞/Dongguan/Дунгуань:
佛山/Foshan/Фошань: 顺德/Shunde/Шуньдэ 南海/Nanhai/Наньхай
淄博/Zibo/Цзыбо: 张店/Zhangdian/Чжандянь 临淄/Linzi/Линьцзы
朝阳/Chaoyang/Чаоян: 双塔/Shuangta/Шуанта 龙城/Longcheng/Лунчэн
吉林/Jilin/Цзилинь: 船营/Chuanying/Чуаньин 昌邑/Changyi/Чанъи
长春/Changchun/Чанчунь: 朝阳/Chaoyang/Чаоян 绿园/Lüyuan/Люйюань
郑州/Zhengzhou/Чжэнчжоу: 金水/Jinshui/Цзиньшуй 二七/Erqi/Эрци
武汉/Wuhan/Ухань: 江岸/Jiang'an/Цзянъань 洪山/Hongshan/Хуншань
西安/Xi'an/Сиань: 雁塔/Yanta/Яньта 未央/Weiyang/Вэйян
汕尾/Shanwei/Шаньвэй: 陆丰/Lufeng/Луфэн
丹东/Dandong/Даньдун: 振兴/Zhenxing/Чжэньсин
`

export const cities: readonly City[] = rows.trim().split('\n').map(read)

/** Whether another city is written like this one in Latin letters. */
export function hasTwin(city: City): boolean {
  return cities.some(other => other.en === city.en && other.zh !== city.zh)
}

function read(row: string): City {
  const [city, districts] = row.split(':')
  return { ...place(city!), districts: districts!.trim() === '' ? [] : districts!.trim().split(' ').map(place) }
}

function place(text: string): Place {
  const [zh, en, ru] = text.split('/')
  return { zh: zh!, en: en!, ru: ru! }
}
