import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { opened, start } from './fixtures/command.ts'
import { gone, homes, serverOf, usedHome } from './fixtures/homes.ts'
import { openEmbedded } from './open.ts'
import { findPlace } from './place.ts'
import { poll } from './poll.ts'
import { alive } from './process.ts'
import { embeddedStatus } from './status.ts'

const { fresh } = homes()
const home = usedHome()

test('six commands open a cold store at once: one creates it, all use it, the last one stops it', async () => {
  const home = fresh()
  const commands = Array.from({ length: 6 }, () => start('hold.ts', [home]))
  const answers = await Promise.all(commands.map(opened))
  expect(answers.filter(answer => answer.fresh)).toHaveLength(1)
  expect(new Set(answers.map(answer => answer.port)).size).toBe(1)
  const codes = await Promise.all(commands.map(command => command.finish()))
  expect(codes).toEqual(Array(6).fill(0))
  expect((await embeddedStatus(home)).running).toBe(false)
})

test('commands that come while others leave all find a server', async () => {
  const commands = Array.from({ length: 4 }, () => start('rounds.ts', [home, '6']))
  expect(await Promise.all(commands.map(command => command.line()))).toEqual(Array(4).fill('done'))
  expect(await Promise.all(commands.map(command => command.finish()))).toEqual(Array(4).fill(0))
  expect((await embeddedStatus(home)).running).toBe(false)
})

test('Ctrl-C for the whole process group ends the command and not the server', async () => {
  const command = start('hold.ts', [home], { detached: true })
  const { port } = await opened(command)
  const server = await serverOf(home)
  process.kill(-(command.child.pid ?? 0), 'SIGINT')
  await gone(command.child.pid ?? 0)
  expect(await alive(server)).toBe(true)
  const next = await openEmbedded({ home })
  expect(next.connection.port).toBe(port)
  expect(await serverOf(home)).toBe(server)
  await next.release()
  expect(await alive(server)).toBe(false)
})

test('the server of a command that was killed is adopted by the next one', async () => {
  const command = start('hold.ts', [home])
  await opened(command)
  const server = await serverOf(home)
  await command.kill()
  const next = await openEmbedded({ home })
  expect(await serverOf(home)).toBe(server)
  await next.release()
  expect((await embeddedStatus(home)).running).toBe(false)
})

test('a command that is killed in the middle of initdb leaves nothing that counts as a store', async () => {
  const home = fresh()
  const command = start('hold.ts', [home])
  const folder = await poll(20_000, async () => {
    const place = await findPlace(home)
    const where = place?.folder ?? `${home}/postgres`
    return existsSync(where) && readdirSync(where).some(name => name.startsWith('initdb-')) ? where : undefined
  })
  await command.kill()
  const store = await openEmbedded({ home })
  expect(store.fresh).toBe(true)
  expect(readdirSync(folder ?? '').filter(name => name.startsWith('initdb-'))).toEqual([])
  await store.release()
})

test('who opens while the server is shutting down by other hands waits and starts it again', async () => {
  const command = start('hold.ts', [home])
  await opened(command)
  const server = await serverOf(home)
  await command.kill()
  process.kill(server, 'SIGINT')
  const store = await openEmbedded({ home })
  expect(await serverOf(home)).not.toBe(server)
  await store.release()
})
