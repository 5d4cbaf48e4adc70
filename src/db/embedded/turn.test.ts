import { mkdirSync, mkdtempSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { StoreAway } from '../../core/failure.ts'
import { start } from './fixtures/command.ts'
import { poll } from './poll.ts'
import { birth } from './process.ts'
import { takeTurn } from './turn.ts'

function setup() {
  const root = mkdtempSync(join(tmpdir(), 'sluice-turn-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const folder = join(root, 'turns')
  mkdirSync(folder)
  return { folder, log: join(root, 'log') }
}

test('one process at a time has the turn', async () => {
  const { folder, log } = setup()
  const commands = Array.from({ length: 5 }, () => start('turns.ts', [folder, log, '8']))
  const said = await Promise.all(commands.map(command => command.line()))
  expect(said).toEqual(Array(5).fill('done'))
  const lines = (await readFile(log, 'utf8')).trim().split('\n')
  expect(lines).toHaveLength(80)
  for (let at = 0; at < lines.length; at += 2) {
    const [pid] = lines[at]?.split(' ') ?? []
    expect(lines.slice(at, at + 2)).toEqual([`${pid} begins`, `${pid} ends`])
  }
  expect(await readdir(folder)).toEqual([])
})

test('the turn of a killed process passes to the one that waits', async () => {
  const { folder, log } = setup()
  const holder = start('turns.ts', [folder, log, '1', 'stay'])
  expect(await holder.line()).toBe('holding')
  const next = takeTurn(folder, () => {})
  await holder.kill()
  await (await next).end()
  expect(await readdir(folder)).toEqual([])
})

test.runIf(process.platform === 'linux')(
  'a claim does not pass to a younger process with the same number',
  async () => {
    const { folder } = setup()
    await writeFile(join(folder, `${process.pid}-1-of-an-earlier-process`), '0000000001')
    const turn = await takeTurn(folder, () => {}, 1_000)
    await turn.end()
    expect(await readdir(folder)).toEqual([])
  },
)

test('who waits too long is told for whom', async () => {
  const { folder } = setup()
  const turn = await takeTurn(folder, () => {})
  const second = takeTurn(folder, () => {}, 100)
  await expect(second).rejects.toThrow(StoreAway)
  await expect(second).rejects.toThrow(`Process ${process.pid} has been starting or stopping the store`)
  await turn.end()
  expect(await readdir(folder)).toEqual([])
})

test('whoever is still drawing a number is waited for', async () => {
  const { folder } = setup()
  const drawing = join(folder, `${process.pid}-${await birth(process.pid)}-still-drawing`)
  await writeFile(drawing, '')
  await expect(takeTurn(folder, () => {}, 100)).rejects.toThrow(StoreAway)
  const next = takeTurn(folder, () => {}, 10_000)
  await poll(10_000, async () => ((await drawnBeside(folder, drawing)) ? true : undefined))
  await writeFile(drawing, '0000000009')
  await (await next).end()
})

async function drawnBeside(folder: string, claim: string): Promise<boolean> {
  const paths = (await readdir(folder)).map(name => join(folder, name))
  const texts = await Promise.all(paths.filter(path => path !== claim).map(path => readFile(path, 'utf8')))
  return texts.some(text => text !== '')
}
