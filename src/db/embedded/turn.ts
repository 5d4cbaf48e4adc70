import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreAway } from '../../core/failure.ts'
import { poll } from './poll.ts'
import { alive, birth } from './process.ts'

/**
 * Whose turn it is to start, enter or stop the store: one process at a time, in order of arrival.
 *
 * Everybody who comes puts a claim of its own into the folder, a file whose name carries its process. The claim is
 *   drawing   while it is empty: its owner looks which numbers the others hold. Ends when it writes the next number
 *   waiting   while somebody draws or holds a lower number (equal numbers: the lower name). Ends when nobody does
 *   served    until its owner removes it, or is dead
 * That is Lamport's bakery. A claim is only ever removed by its owner, or by anybody once its owner is dead, and no
 * name is used twice; so, unlike with one lock file that is taken over, nobody can remove what a live process holds.
 */
export type Turn = { end(): Promise<void> }

const digits = 10

/** @throws StoreAway when the turn has not come after `patience` ms, naming the process that has it. */
export async function takeTurn(folder: string, note: (line: string) => void, patience = 360_000): Promise<Turn> {
  await mkdir(folder, { recursive: true })
  const claim = `${process.pid}-${await birth(process.pid)}-${randomUUID()}`
  const end = () => rm(join(folder, claim), { force: true })
  try {
    await writeFile(join(folder, claim), '', { flag: 'wx' })
    const number = await draw(folder, claim)
    await wait(folder, claim, number, note, patience)
    return { end }
  } catch (error) {
    await end()
    throw error
  }
}

async function draw(folder: string, claim: string): Promise<number> {
  const numbers = await Promise.all((await others(folder, claim)).map(other => numberOf(folder, other)))
  const number = 1 + Math.max(0, ...numbers.filter(Number.isFinite).map(Number))
  await writeFile(join(folder, claim), String(number).padStart(digits, '0'))
  return number
}

async function wait(folder: string, claim: string, number: number, note: (line: string) => void, patience: number) {
  const started = performance.now()
  let noted = false
  let first: string | undefined
  const free = await poll(patience, async () => {
    first = await ahead(folder, claim, number)
    if (first === undefined) return true
    if (!noted && performance.now() - started > 3_000) {
      note(`Waiting for process ${pidOf(first)}, which is starting or stopping the store.`)
      noted = true
    }
    return undefined
  })
  if (free === undefined) throw tooLong(folder, first ?? '', patience)
}

function tooLong(folder: string, claim: string, patience: number): StoreAway {
  return new StoreAway(
    'embedded-locked',
    `Process ${pidOf(claim)} has been starting or stopping the store for more than ${Math.round(patience / 1000)} s. ` +
      `Look at what it does, end it if it hangs, and try again. Its claim is ${join(folder, claim)}.`,
  )
}

/** Somebody who is served before us, if there is such a one. */
async function ahead(folder: string, claim: string, number: number): Promise<string | undefined> {
  for (const other of await others(folder, claim)) {
    const theirs = await numberOf(folder, other)
    if (theirs === undefined || theirs < number || (theirs === number && other < claim)) return other
  }
  return undefined
}

/** The claims of the others that are alive; those of the dead are removed. */
async function others(folder: string, claim: string): Promise<string[]> {
  const claims = (await readdir(folder)).filter(name => name !== claim && pidOf(name) > 0)
  const living = await Promise.all(claims.map(name => alive(pidOf(name), name.split('-')[1])))
  await Promise.all(claims.filter((_, at) => !living[at]).map(name => rm(join(folder, name), { force: true })))
  return claims.filter((_, at) => living[at])
}

/** Undefined while it is being drawn; infinite when the claim was given back just now. */
async function numberOf(folder: string, claim: string): Promise<number | undefined> {
  try {
    const text = await readFile(join(folder, claim), 'utf8')
    return text.length === digits ? Number(text) : undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? Number.POSITIVE_INFINITY : undefined
  }
}

function pidOf(claim: string): number {
  return Number(claim.split('-')[0])
}
