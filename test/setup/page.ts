import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, inject, onTestFinished } from 'vitest'
import { findPlace } from '../../src/db/embedded/place.ts'
import { embeddedStatus } from '../../src/db/embedded/status.ts'
import { until } from './sluice.ts'

/** A block of a page: in which language it is, what its title says, and its text. */
export type Block = { kind: string; title: string | undefined; text: string }

/** The blocks of a page of the clone that name their language, in their order. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(import.meta.dirname, '../..', page), 'utf8')
  const found = text.matchAll(/^```(\w+)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm)
  return [...found].map(([, kind, title, text]) => ({ kind: kind!, title, text: text! }))
}

/** The files that a page has its reader write. */
export function filesOf(blocks: readonly Block[]): (Block & { title: string })[] {
  return blocks.filter((block): block is Block & { title: string } => block.title !== undefined && block.kind !== 'sh')
}

/** Writes files of a page into a folder. */
export function writeFiles(folder: string, files: readonly (Block & { title: string })[]): void {
  for (const { title, text } of files) {
    mkdirSync(dirname(join(folder, title)), { recursive: true })
    writeFileSync(join(folder, title), text)
  }
}

/**
 * Does what a page tells, block by block: writes its files, types its commands in a terminal in which the clone's Node is the
 * first one, and compares what is printed with the block of text after each; without one, nothing is printed. What differs each time is masked on both sides; a
 * command `in another terminal` goes on until the test ends.
 */
export async function follow(
  blocks: readonly Block[],
  {
    folder,
    signal,
    env = {},
    masked,
  }: { folder: string; signal: AbortSignal; env?: Record<string, string>; masked(screen: string): string },
): Promise<void> {
  onTestFinished(() => removeStore(folder))
  const path = `${dirname(process.execPath)}:${process.env.PATH}`
  const whole = {
    PATH: path,
    HOME: process.env.HOME,
    TZ: 'UTC',
    NO_COLOR: '1',
    NODE_COMPILE_CACHE: inject('cache'),
    ...env,
  }
  const type = (text: string) =>
    spawn('bash', ['-c', `set -e\nexec 2>&1\n${text}`], { cwd: folder, env: whole, signal, detached: true })
  for (const [at, block] of blocks.entries()) {
    if (block.kind === 'text') continue
    if (block.kind !== 'sh') {
      writeFiles(folder, filesOf([block]))
      continue
    }
    const next = blocks[at + 1]
    const wanted = next?.kind === 'text' ? next.text : ''
    const isElsewhere = block.title === 'in another terminal'
    const child = type(isElsewhere ? `exec ${block.text}` : block.text)
    const { code, screen } = isElsewhere ? await begun(child, wanted, masked) : await printed(child)
    expect(masked(screen), block.text).toBe(masked(wanted))
    expect(code, block.text).toBe(0)
  }
}

async function printed(child: ChildProcess): Promise<{ code: number; screen: string }> {
  let screen = ''
  child.stdout!.setEncoding('utf8').on('data', text => {
    screen += text
  })
  const [code] = await once(child, 'close')
  return { code: Number(code), screen }
}

/** What a program has printed that goes on, once it is as many lines as are wanted. It ends with the test. */
async function begun(
  child: ChildProcess,
  wanted: string,
  masked: (screen: string) => string,
): Promise<{ code: number; screen: string }> {
  onTestFinished(async () => {
    const ended = once(child, 'close')
    process.kill(-child.pid!, 'SIGTERM')
    await ended
  })
  const count = masked(wanted).split('\n').length
  let screen = ''
  const lines = () =>
    masked(screen.slice(0, screen.lastIndexOf('\n') + 1))
      .split('\n')
      .filter(line => line !== '')
  child.stdout!.setEncoding('utf8').on('data', text => {
    screen += text
  })
  await until('it has said what it says', () => lines().length >= count)
  return { code: 0, screen: lines().slice(0, count).join('\n') }
}

async function removeStore(folder: string): Promise<void> {
  const home = join(folder, '.sluice')
  if (!existsSync(home)) return
  const { pid } = await embeddedStatus(home)
  if (pid !== null) process.kill(pid, 'SIGKILL')
  const place = await findPlace(home)
  if (place) await rm(place.folder, { recursive: true, force: true })
}
