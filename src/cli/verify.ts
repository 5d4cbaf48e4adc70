import type { Range } from '../core/range.ts'
import { sliceText } from '../core/run.ts'
import { isKnown, sourceOf } from '../core/source.ts'
import { readParts } from '../db/parts.ts'
import { mistrust, type Proof, verify as verifyPart } from '../engine/verify.ts'
import { type Common, type ExitCode, rangeOf, withApp } from './command.ts'
import { printJson, type Screen } from './screen.ts'
import { counted, moment } from './text.ts'

type Options = Common & { from?: string; to?: string; repair?: boolean }

/** `sluice verify`: counts every table against what its coverage promises, without a call to any vendor. */
export function verify({ repair = false, ...options }: Options): Promise<ExitCode> {
  const range = rangeOf(options)
  return withApp(options, async ({ store, clock, sources }, screen) => {
    const within = range.from || range.to ? { from: range.from ?? new Date(0), to: range.to ?? new Date() } : undefined
    const proofs: Proof[] = []
    const parts = await readParts(store)
    const strange = parts.filter(slice => !isKnown(sources, slice))
    for (const slice of parts.filter(each => !strange.includes(each))) {
      proofs.push(await verifyPart({ store, clock }, sourceOf(sources, slice), slice.part, within))
    }
    const told = proofs.filter(isWorthTelling)
    if (repair) for (const proof of proofs) await mistrust({ store }, sourceOf(sources, proof.slice), proof)
    if (screen.json) printJson(screen, told)
    else for (const proof of told) print(screen, proof)
    if (!screen.json) conclude(screen, told, repair)
    for (const slice of strange) screen.err(`[WARN] ${sliceText(slice)}: not looked at; ${unlooked}`)
    return strange.length > 0 ? exitCode(proofs) || 3 : exitCode(proofs)
  })
}

/** Why a part is not looked at, and what to do about it. */
const unlooked = 'these settings know no such stream. Name its connector in sluice.yaml, under connectors'

/** A part that never stored anything and was given up has nothing to prove. */
function isWorthTelling({
  rows,
  counted: found,
  wrong,
  open,
  holes,
  skipped,
  quarantined,
  undone = 0,
}: Proof): boolean {
  return rows + found + quarantined + skipped + undone > 0 || wrong.length + open.length + holes.length > 0
}

/** 1 when the table does not hold what was proven, 3 when something that was begun is not covered yet. */
function exitCode(proofs: readonly Proof[]): ExitCode {
  if (proofs.some(({ wrong }) => wrong.length > 0)) return 1
  return proofs.some(isIncomplete) ? 3 : 0
}

function isIncomplete({ open, skipped, undone = 0 }: Proof): boolean {
  return open.length + skipped + undone > 0
}

function print(screen: Screen, proof: Proof): void {
  const { slice, rows, counted: found, wrong, open, holes, skipped, quarantined, undone = 0 } = proof
  const verdict = wrong.length > 0 ? 'WRONG' : isIncomplete(proof) ? 'incomplete' : 'complete'
  screen.out(`${sliceText(slice)}: ${verdict}, ${counted(found)} rows counted, ${counted(rows)} proven`)
  for (const stretch of wrong) {
    screen.out(`  ${between(stretch)}: ${counted(stretch.counted)} rows, must be ${counted(stretch.rows)}`)
    for (const gap of stretch.missing) screen.out(`    missing: ${between(gap)}`)
  }
  for (const range of open) screen.out(`  not covered yet: ${between(range)}`)
  for (const hole of holes) {
    const words =
      hole.status === 'absent' ? 'the vendor itself has nothing' : 'the vendor sent nothing; to be asked again'
    screen.out(`  ${between(hole)}: ${words}`)
  }
  if (skipped > 0) screen.out(`  ${skipped} ${skipped === 1 ? 'page' : 'pages'} never came; to be asked for again`)
  if (undone > 0)
    screen.out(`  ${counted(undone)} rows that it is made of are not dealt with yet; run: sluice normalize`)
  if (quarantined > 0) screen.out(`  ${quarantined} records in quarantine`)
}

function conclude(screen: Screen, proofs: readonly Proof[], repair: boolean): void {
  if (proofs.length === 0) screen.out('Nothing has been collected yet. Begin with: sluice sync')
  if (!proofs.some(({ wrong }) => wrong.length > 0)) return
  const advice = 'To have the wrong ranges asked for again: sluice verify --repair, then sluice sync'
  screen.out(repair ? 'The wrong ranges are asked for again at the next sync.' : advice)
}

function between({ from, to }: Range): string {
  return `${moment(from)} to ${moment(to)}`
}
