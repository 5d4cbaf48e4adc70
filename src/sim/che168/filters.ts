import { bodies } from './bodies.ts'
import { colors, energies, type Label, labelled, transmissions } from './labels.ts'
import { models } from './models.ts'
import type { World } from './world.ts'

/** The values that filters accept, in the language of the account. The Russian lists know no drive_type. */
export function filtersOf({ language = 'mixed' }: World) {
  const style = language === 'en' ? 'EN' : 'RU'
  const names = (labels: readonly Label[]) => [...new Set(labels.map(label => labelled(label, style)))]
  const drives = ['FWD', 'RWD', 'AWD', 'RWD (dual-motor)', 'AWD (dual-motor)', 'AWD (tri-motor)', 'AWD (quad-motor)']
  return {
    mark: marksOf(),
    transmission_type: names(Object.values(transmissions)),
    color: names(colors),
    body_type: names(Object.values(bodies).map(body => ({ zh: body.structure, en: body.en, ru: body.ru }))),
    engine_type: names(Object.values(energies)),
    ...(style === 'EN' && { drive_type: drives }),
  }
}

function marksOf() {
  const marks: Record<string, { model: string[] }> = {}
  for (const { mark, model } of models) {
    marks[mark] ??= { model: [] }
    marks[mark].model.push(model)
  }
  return marks
}
