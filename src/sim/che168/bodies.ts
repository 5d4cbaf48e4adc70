/** A body: the structure in the table, its doors, the label of the vendor's list, and what both mean. */
export type Body = {
  structure: string
  doors: number
  /** Label in English and Russian; Russian ones may say two things at once. */
  en: string
  ru: string
  kind: string
  /** What the label alone says, which may be less or other than the table does; null: it can mean two things. */
  byEn: string
  byRu: string | null
}

export const bodies = {
  sedan: plain('三厢车', 4, 'Sedan', 'Седан', 'sedan'),
  saloon: { ...plain('三厢车', 4, 'Sedan', 'Седан/хэтчбек', 'sedan'), byRu: null },
  hatch: plain('两厢车', 5, 'Hatchback', 'Хэтчбек', 'hatchback'),
  lift: { ...plain('掀背车', 5, 'Hatchback', 'Седан/хэтчбек', 'liftback'), byEn: 'hatchback', byRu: null },
  wagon: { ...plain('旅行车', 5, 'Hatchback', 'Седан/хэтчбек', 'wagon'), byEn: 'hatchback', byRu: null },
  suv: plain('SUV', 5, 'Crossover/SUV', 'Кроссовер/внедорожник', 'suv'),
  mpv: plain('MPV', 5, 'Minivan', 'Минивэн', 'mpv'),
  coupe: plain('硬顶跑车', 2, 'Sports Car', 'Купе/родстер', 'coupe'),
  open: { ...plain('软顶敞篷车', 2, 'Coupe/Roadster', 'Купе/родстер', 'convertible'), byEn: 'coupe', byRu: 'coupe' },
  pickup: plain('皮卡', 4, 'Pickup', 'Пикап', 'pickup'),
  micro: plain('面包车', 5, 'Microvan', 'Микроавтобус', 'microvan'),
  truck: plain('货车', 2, 'Light Truck', 'Легкий грузовик', 'truck'),
  bus: { ...plain('客车', 4, 'Van', 'Фургон', 'bus'), byEn: 'van', byRu: 'van' },
} as const satisfies Record<string, Body>

export type BodyName = keyof typeof bodies

function plain(structure: string, doors: number, en: string, ru: string, kind: string): Body {
  return { structure, doors, en, ru, kind, byEn: kind, byRu: kind }
}
