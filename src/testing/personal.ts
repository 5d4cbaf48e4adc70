import { type Ground, nameOf } from './ground.ts'
import { leavesOf } from './leaves.ts'
import type { Sight } from './survey.ts'

const names =
  /(phone|e-?mail|address|passport|birth|(first|last|full|buyer|customer|client|recipient|receiver)_?name|login)/i
const phone = /^\+\d[\d\s()-]{8,18}\d$/
const email = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/

/** What looks like personal data and is not forgotten is told, once for each field: only the author knows what it is. */
export function warnPersonal(
  kit: Pick<Ground, 'connector'> & { warn(line: string): void },
  { stream, visits }: Sight,
): void {
  const leaves = visits.flatMap(({ seen }) => seen.flatMap(({ record }) => leavesOf(record)))
  const looks = leaves.filter(({ path, value }) => {
    const name = path.filter(each => typeof each === 'string').join('_')
    return typeof value === 'string' && value !== '' && (names.test(name) || phone.test(value) || email.test(value))
  })
  const fields = new Set(looks.map(({ path }) => path.filter(each => typeof each === 'string').join('.')))
  for (const field of fields) {
    kit.warn(`${nameOf(kit, stream)}: "${field}" looks like personal data; if it is, name it in \`forget\``)
  }
}
