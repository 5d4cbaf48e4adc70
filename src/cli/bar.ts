import { SingleBar } from 'cli-progress'
import type { Log } from '../core/log.ts'
import type { Progress } from '../engine/progress.ts'
import { quietLog, type Screen, screenLog } from './screen.ts'
import { counted, moment } from './text.ts'

/** Shows how far a load is: a bar on a terminal, a line now and then elsewhere. */
export type Meter = { show(progress: Progress): void; end(): void }

/** How often a line is written where nobody watches, in ms. */
const pace = 5_000

/** The meter that fits the screen; the log file has lines in either case. */
export function meterOf(screen: Screen): Meter {
  if (!screen.live) return lineMeter(screenLog(screen, 'info'))
  const meters = [barMeter(), lineMeter(quietLog(screen))]
  return {
    show: progress => {
      for (const meter of meters) meter.show(progress)
    },
    end: () => {
      for (const meter of meters) meter.end()
    },
  }
}

function barMeter(): Meter {
  const bar = new SingleBar({
    format: '{bar} {share} | {speed} records/min{eta}{wait}',
    barsize: 30,
    hideCursor: true,
    clearOnComplete: false,
    stream: process.stderr,
  })
  const speed = speedometer()
  let begun = false
  return {
    show: progress => {
      const payload = payloadOf(progress, speed(progress.done))
      const total = progress.open ? Number.MAX_SAFE_INTEGER : progress.total
      if (!begun) bar.start(total, progress.done, payload)
      begun = true
      bar.setTotal(total)
      bar.update(progress.done, payload)
    },
    end: () => bar.stop(),
  }
}

/**
 * C17: `[INFO] Progress: 45.2% (112,500 / 250,000 records) | Speed: 500 records/min`, and when it will be done at that speed;
 * without a share where nobody knows how much there is.
 */
function lineMeter(log: Log): Meter {
  const speed = speedometer()
  let written = 0
  const write = (progress: Progress) => {
    if (progress.total === 0) return
    const { share, speed: rate, eta, wait } = payloadOf(progress, speed(progress.done))
    log('info', `Progress: ${share} | Speed: ${rate} records/min${eta}${wait}`)
    written = Date.now()
  }
  let newest: Progress | undefined
  return {
    show: progress => {
      newest = progress
      if (Date.now() - written >= pace) write(progress)
    },
    end: () => {
      if (newest) write(newest)
    },
  }
}

function payloadOf({ done, total, open, waiting }: Progress, speed: number) {
  const [first] = waiting
  const wait = first ? ` | waiting until ${moment(first.dueAt)}: ${first.reason}` : ''
  const share = open
    ? `${counted(done)} records`
    : `${percent(done, total)} (${counted(done)} / ${counted(total)} records)`
  return { share, speed: counted(speed), eta: open ? '' : etaText(total - done, speed), wait }
}

function percent(done: number, total: number): string {
  return `${(total > 0 ? (100 * done) / total : 100).toFixed(1)}%`
}

/** How long so many records take at so many a minute: ` | ETA: 2 h 31 min`. */
function etaText(left: number, speed: number): string {
  if (left <= 0 || speed === 0) return ''
  const minutes = Math.ceil(left / speed)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return ` | ETA: ${hours > 0 ? `${counted(hours)} h ` : ''}${rest} min`
}

/** Records per minute since the first look. */
function speedometer(): (done: number) => number {
  let start: { at: number; done: number } | undefined
  return done => {
    start ??= { at: Date.now(), done }
    const minutes = (Date.now() - start.at) / 60_000
    return minutes > 0 ? Math.round((done - start.done) / minutes) : 0
  }
}
