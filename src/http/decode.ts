import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import { Transient } from '../core/failure.ts'

/** What we ask vendors for. Not `deflate`, which half of the servers understand in a way of their own; if it comes as
 * the standard says, it is read. */
export const acceptEncoding = 'zstd, br, gzip'

/** Few large pieces: with zlib's own 16 KB a body of 150 KB costs twice the time. */
const options = { chunkSize: 256 * 1024 }

const decoders: Record<string, () => NodeJS.ReadWriteStream & AsyncIterable<Buffer>> = {
  gzip: () => createGunzip(options),
  'x-gzip': () => createGunzip(options),
  deflate: () => createInflate(options),
  br: () => createBrotliDecompress(options),
  zstd: () => createZstdDecompress(options),
}

/**
 * The body without its compression, by the `content-encoding` header. Whatever goes wrong with the body goes wrong with
 * what is returned.
 * @throws Transient when we do not know the encoding.
 */
export function decode(body: Readable, encoding: string | null, host: string): AsyncIterable<Uint8Array> {
  const names = (encoding ?? '').toLowerCase().split(',')
  return names
    .map(name => name.trim())
    .filter(name => name !== '' && name !== 'identity')
    .reduceRight<Readable>((source, name) => through(source, name, host), body)
}

function through(source: Readable, name: string, host: string): Readable {
  const decoder = decoders[name]?.()
  if (decoder === undefined) {
    source.on('error', () => {}).destroy()
    throw new Transient('vendor-garbled', `${host} sent a body in the encoding "${name}", which we did not ask for`)
  }
  return pipeline(source, decoder, () => {}) as unknown as Readable
}
