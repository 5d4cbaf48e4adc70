import { expect, onTestFinished, test } from 'vitest'
import type { Level } from '../core/log.ts'
import { keepSecret } from '../core/secret.ts'
import type { Format } from './line.ts'
import { openLog } from './log.ts'

/** A log at three in the morning that is heard in every format. */
function setup(least: Level = 'info') {
  const heard: Record<Format, string[]> = { text: [], plain: [], json: [] }
  const outlets = Object.entries(heard).map(([format, lines]) => ({
    least,
    format: format as Format,
    write: (line: string) => void lines.push(line),
  }))
  return { heard, log: openLog(outlets, () => new Date('2026-11-22T03:00:00.125Z')) }
}

test('a line is told in the format of its outlet: with time, level, name and message, or plain, or as JSON', () => {
  const { heard, log } = setup()
  log('info', 'Sluice is up')
  log('warn', 'acme/main orders berlin: partial, 7 records', 'acme/main orders berlin')
  expect(heard.text).toEqual([
    '2026-11-22T03:00:00Z [INFO] sluice: Sluice is up',
    '2026-11-22T03:00:00Z [WARN] acme/main orders berlin: partial, 7 records',
  ])
  expect(heard.plain).toEqual(['[INFO] Sluice is up', '[WARN] acme/main orders berlin: partial, 7 records'])
  expect(heard.json.map(line => JSON.parse(line))).toEqual([
    { time: '2026-11-22T03:00:00.125Z', level: 'info', name: 'sluice', message: 'Sluice is up' },
    {
      time: '2026-11-22T03:00:00.125Z',
      level: 'warn',
      name: 'acme/main orders berlin',
      message: 'acme/main orders berlin: partial, 7 records',
    },
  ])
})

test('an outlet hears what is at least of its level', () => {
  const levels: Level[] = ['debug', 'info', 'warn', 'error']
  const told = (least: Level) => {
    const { heard, log } = setup(least)
    for (const level of levels) log(level, 'x')
    return heard.plain.length
  }
  expect(levels.map(told)).toEqual([4, 3, 2, 1])
})

test('a message cannot look like a line of its own, steer a terminal, or be taken for a pattern', () => {
  const { heard, log } = setup()
  log('error', 'bad\n[INFO] good \u001b[2J100 %s %d %%')
  expect(heard.plain).toEqual(['[ERROR] bad\n    [INFO] good [2J100 %s %d %%'])
  expect(JSON.parse(heard.json[0]!).message).toBe('bad\n[INFO] good \u001b[2J100 %s %d %%')
})

test('no outlet hears secrets or personal data', () => {
  const { heard, log } = setup()
  onTestFinished(keepSecret('hunter"22'))
  log('info', 'sent hunter"22 and {"t":"hunter\\"22"} to anna@sklep.pl, +48 600 700 800', 'bucket')
  const text = 'sent *** and {"t":"***"} to ***, ***'
  expect(heard.plain).toEqual([`[INFO] ${text}`])
  expect(heard.text).toEqual([`2026-11-22T03:00:00Z [INFO] bucket: ${text}`])
  expect(JSON.parse(heard.json[0]!).message).toBe(text)
  log('info', 'acme/main mails anna@sklep.pl: success', 'acme/main mails anna@sklep.pl')
  expect(heard.text[1]).toBe('2026-11-22T03:00:00Z [INFO] acme/main mails ***: success')
})
