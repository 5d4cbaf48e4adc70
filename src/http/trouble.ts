import { Failure, Transient } from '../core/failure.ts'

/**
 * What a failed exchange with a host means to us. All of it is Transient: networks, hosts and their certificates mend
 * by themselves or by somebody's hand, without us.
 *
 *   vendor-unreachable    no connection: name, address, port, route
 *   vendor-untrusted      a connection, but a certificate that does not hold
 *   vendor-cut            the connection broke before the answer was complete
 *   vendor-garbled        what came is no HTTP, or not compressed as it says
 *
 * An error that is none of these is returned as it is: a failure of its own kind, or our own fault.
 */
export function trouble(error: unknown, { host, hostname, port }: URL): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error
  const code = codeOf(error)
  const say = (kind: string, text: string) => new Transient(kind, `${text} (${code})`, causeOf(error, code))

  if (nameless.has(code)) {
    return say(
      'vendor-unreachable',
      `the name ${hostname} is not known to DNS: check its spelling and this machine's DNS`,
    )
  }
  if (code === 'ECONNREFUSED') {
    const where = port === '' ? host : `${hostname}, port ${port}`
    return say('vendor-unreachable', `${where} refuses connections: check host and port, and that the server runs`)
  }
  if (unreachable.has(code)) {
    return say('vendor-unreachable', `no connection to ${host}: check this machine's network, firewall and proxy`)
  }
  if (cut.has(code)) return say('vendor-cut', `${host} broke the connection before its answer was complete`)
  if (/CERT|SIGNED|VERIFY|ISSUER/.test(code)) {
    return say('vendor-untrusted', `the certificate of ${host} does not hold: check this machine's clock and proxy`)
  }
  if (/^(HPE_|Z_|ERR__?ERROR_|ERR_BROTLI|ERR_PADDING|ZSTD_|ERR_SSL|EPROTO)/.test(code)) {
    return say('vendor-garbled', `${host} sent an answer that cannot be read`)
  }
  return error
}

const nameless = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'])

const unreachable = new Set([
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES', 'EPERM'],
  ...['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'],
])

/** Z_BUF_ERROR: the compressed body ends too early. HPE_INVALID_EOF_STATE: the chunked one does. */
const cut = new Set([
  ...['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
  ...['HPE_INVALID_EOF_STATE', 'Z_BUF_ERROR'],
])

function codeOf(error: Error & { code?: unknown }): string {
  return String(error.code ?? (error.name === 'HTTPParserError' ? 'HPE_NO_HTTP' : ''))
}

/** The parser's own errors carry the bytes they stumbled over, which may be anything: they are not kept. */
function causeOf(error: Error, code: string): ErrorOptions {
  return code.startsWith('HPE_') ? {} : { cause: error }
}
