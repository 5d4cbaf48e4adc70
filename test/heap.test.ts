import { fork } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { young } from '../bin/heap.js'
import { jsonOf, run, setupFolder, start } from './setup/sluice.ts'

const sluice = join(import.meta.dirname, '../bin/sluice.js')

/** Has every process of a command tell on stderr, when it starts, its id and the options it was started with. */
const telling = `data:text/javascript,process.stderr.write(JSON.stringify([process.pid,process.execArgv])+'\\n')`
const tell = `--import=${telling.replaceAll('"', '%22')}`

/** What the processes of a command told. */
function told(err: string): [pid: number, options: string[]][] {
  const lines = err.split('\n').filter(line => line.startsWith('['))
  return lines.filter(line => !/^\[[A-Z]/.test(line)).map(line => JSON.parse(line))
}

describe('a command', () => {
  it('takes the place of its first process, with a small heap and the same process id', async () => {
    const command = start(['--version'], { folder: await setupFolder(), env: { NODE_OPTIONS: tell } })
    const { code, err } = await command.ended
    expect(told(err)).toEqual([
      [command.child.pid, []],
      [command.child.pid, [young]],
    ])
    expect(code).toBe(0)
  })

  it('says nothing of it', async () => {
    const folder = await setupFolder()
    expect(await run(['--version'], { folder })).toMatchObject({ code: 0, err: '' })
  })

  it.each(['--max-semi-space-size=64', '--max_semi_space_size=64'])(
    'leaves a heap as it is that the user has set with %s',
    async option => {
      const command = start(['--version'], { folder: await setupFolder(), env: { NODE_OPTIONS: `${tell} ${option}` } })
      expect(told((await command.ended).err)).toEqual([[command.child.pid, []]])
    },
  )

  it('reads what is piped into it, and ends with the code of what it did', async () => {
    const folder = await setupFolder()
    const refused = await run(['sql', '--json'], { folder, input: 'select no_such_column' })
    expect(refused.code).toBe(2)
    const answered = await run(['sql', '--json'], { folder, input: 'select 1 as one' })
    expect(answered.code).toBe(0)
    expect(jsonOf(answered)).toEqual([{ one: 1 }])
  })

  it('keeps the channel to a parent that has one, and goes on without the option', async () => {
    const child = fork(sluice, ['--version'], { cwd: tmpdir(), execArgv: [tell], silent: true })
    let [out, err] = ['', '']
    child.stdout!.setEncoding('utf8').on('data', text => (out += text))
    child.stderr!.setEncoding('utf8').on('data', text => (err += text))
    const [code] = await once(child, 'close')
    expect(told(err)).toEqual([[child.pid, [tell]]])
    expect([code, out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)])
  })
})
