import type { Credentials } from '../core/account.ts'
import type { Tokens } from '../core/auth.ts'
import { AuthError } from '../core/failure.ts'
import type { Source } from '../core/source.ts'
import type { Asker } from './engine.ts'
import { askForTokens, isRefusal, refusalText } from './grant.ts'
import type { Renewing } from './renew.ts'

/** What a person has to do on another screen: the address and the code to type there, and until when it can be done. */
export type Invitation = { address: string; code: string; until: Date }

/** A vendor that wants to be asked less often is asked so much later each time (ms; RFC 8628, 3.5). */
const slower = 5_000

/**
 * Login by a code that a person types on another screen: shows the invitation, and asks until it is answered.
 * @throws AuthError `login-refused` when the vendor does not know us, the person says no, or nobody answers in time
 */
export async function login(
  tools: Asker,
  source: Source,
  { auth, credentials, show }: { auth: Renewing; credentials: Credentials; show(invitation: Invitation): void },
): Promise<Tokens> {
  const began = await askForTokens(tools, source, auth.login.start(credentials))
  if (isRefusal(began))
    throw refused(source, `the vendor begins no login (${refusalText(began)}); check the credentials`)
  const { device, code, address, interval, expires } = auth.login.read(began.answer())
  const until = new Date((await tools.clock.now()).getTime() + expires * 1000)
  show({ address, code, until })
  for (let wait = interval * 1000; (await tools.clock.now()) < until; ) {
    await tools.clock.pass(wait)
    const granted = await askForTokens(tools, source, auth.login.poll(device, credentials))
    if (!isRefusal(granted)) return auth.parse(granted.answer(), undefined)
    const pending = auth.login.pending(granted)
    if (pending === undefined) throw refused(source, `the vendor ended the login (${refusalText(granted)})`)
    if (pending === 'slower') wait += slower
  }
  throw refused(source, 'nobody typed the code in time')
}

function refused({ connector, account }: Source, why: string): AuthError {
  return new AuthError('login-refused', `${connector.name}/${account}: ${why}. Nothing was stored; try again`)
}
