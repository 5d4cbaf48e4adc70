import { join, relative, resolve } from 'node:path'
import type { App } from '../app/app.ts'
import { demoWorld } from '../sim/binance/demo.ts'
import { imitateBinance } from '../sim/binance/exchange.ts'
import { serve } from '../sim/serve.ts'
import { type Common, type ExitCode, withApp } from './command.ts'
import { type Screen, screenLog } from './screen.ts'
import { printStatus } from './status.ts'
import { collect, exitCode, report } from './sync.ts'
import { eventLog, run } from './up.ts'

/** How much history the demo loads, in days. */
const days = 31

/**
 * `sluice demo`: the whole product against an imitated exchange in this process, with a store of its own. Nothing leaves
 * this machine, and the user's own data is not touched.
 */
export async function demo({ once = false, ...options }: Common & { once?: boolean }): Promise<ExitCode> {
  const exchange = imitateBinance(demoWorld(Date.now()))
  const served = await serve(exchange)
  try {
    const env = demoEnv(served.url)
    return await withApp({ ...options, env, folder: env.SLUICE_HOME }, (app, screen) => show(app, screen, once))
  } finally {
    await served.close()
  }
}

/** Everything a user may have set is left out: the demo is the same everywhere. */
function demoEnv(url: string) {
  const home = join(resolve(process.env.SLUICE_HOME ?? '.sluice'), 'demo')
  const start = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
  return {
    SLUICE_HOME: home,
    BINANCE_BASE_URL: url,
    START_DATE: start,
    SYMBOLS: 'BTCUSDT,ETHUSDT,SOLUSDT,XRPUSDT,BNBUSDT',
    INTERVAL: '1m',
  }
}

async function show(app: App, screen: Screen, once: boolean): Promise<ExitCode> {
  const where = app.sources[0]!.baseUrl
  const text = `An imitated Binance answers at ${where}; ${days} days of five symbols are loaded from it.`
  screenLog(screen, 'info')('info', text)
  const summary = await collect(
    app,
    screen,
    app.sources.map(source => ({ source, parts: source.stream.parts(source.options) })),
  )
  report(screen, summary)
  await printStatus(app, screen)
  if (once || summary.interrupted) return exitCode(summary)
  const log = screen.json ? eventLog(screen) : screenLog(screen, 'info')
  const home = relative(process.cwd(), app.home) || '.'
  await run(app, { screen, log }, [
    'From here on every closed minute is collected as it comes. Stop with Ctrl-C.',
    `To look around, in another terminal: SLUICE_HOME=${home} npx sluice status`,
  ])
  log('info', 'The demo has stopped. Its data stays; run it again to go on from there.')
  return 0
}
