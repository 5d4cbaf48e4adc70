import { serve, type Vendor } from './serve.ts'

/** Flags that every vendor's process has: a time at which its clock stands, and answers without compression among them. */
export const flags = {
  port: { type: 'string', default: '0' },
  now: { type: 'string' },
  plain: { type: 'boolean', default: false },
} as const

/** Serves a vendor until SIGTERM. It prints one line of JSON once it listens: its url, and what is to be told beside it. */
export async function host(
  vendor: Vendor,
  { port, plain = false }: { port: string; plain?: boolean },
  told: object = {},
) {
  const { url, close } = await serve(vendor, { port: Number(port), compress: !plain })
  process.on('SIGTERM', () => void close())
  process.stdout.write(`${JSON.stringify({ url, ...told })}\n`)
}
