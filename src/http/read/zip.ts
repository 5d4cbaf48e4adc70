import { crc32, createInflateRaw } from 'node:zlib'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { BadPage } from '../../core/failure.ts'
import type { Pieces } from '../body.ts'
import { free } from '../memory.ts'
import { bytesOf, spanOf } from './span.ts'

/** The largest file we unpack, in bytes: as much as we take of any answer (app/app.ts). A bomb goes no further. */
const largest = 256 * 1024 * 1024

/**
 * Unpacks one file of a ZIP archive, giving up the archive: the only one, or the one whose name ends with `entry`. Size
 * and checksum must be as the archive says.
 * @throws BadPage when it is no whole archive, when none or several of its files are meant, or when that file is
 * encrypted, packed in an unusual way, broken or too large.
 */
export async function unzip(pieces: Pieces, entry: string | undefined): Promise<Pieces> {
  const archive = join(pieces)
  try {
    const zip = await fromBufferPromise(archive, { lazyEntries: true })
    const file = await unpack(zip, await choose(zip, entry), archive)
    free(archive.buffer)
    return file
  } catch (error) {
    // Its memory is left to the collector: what has failed may still be reading it.
    throw error instanceof BadPage ? error : blame(error)
  }
}

/** The directory of an archive is at its end, and its reader wants the whole in one. */
function join(pieces: Pieces): Buffer {
  const span = spanOf(pieces)
  const archive = Buffer.from(bytesOf(span, 0, span.size).buffer)
  span.release()
  return archive
}

async function choose(zip: ZipFile, wanted = ''): Promise<Entry> {
  const found: Entry[] = []
  for await (const entry of zip.eachEntry()) {
    if (!entry.fileName.endsWith('/') && entry.fileName.endsWith(wanted) && found.push(entry) > 1) break
  }
  const which = wanted === '' ? '' : ` whose name ends with "${wanted}"`
  if (found.length > 1) throw bad(`it has several files${which}: declare the entry that is meant`)
  if (found.length === 0) throw bad(`it has no file${which}`)
  return found[0]!
}

async function unpack(zip: ZipFile, entry: Entry, archive: Buffer): Promise<Pieces> {
  const { uncompressedSize, compressedSize, compressionMethod } = entry
  if (entry.isEncrypted()) throw bad('its file is encrypted')
  if (!entry.canDecodeFileData()) throw bad(`its file is packed by method ${compressionMethod}, which is unusual`)
  if (uncompressedSize > largest) throw bad(`its file has more than the ${largest} bytes we take: ask for less at once`)
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
  const data = archive.subarray(fileDataStart, fileDataStart + compressedSize)
  const file = await collect(compressionMethod === stored ? [new Uint8Array(data)] : inflated(data), uncompressedSize)
  if (sumOf(file) !== entry.crc32) throw bad('its file does not have the checksum it should have')
  return file
}

const stored = 0

function inflated(data: Buffer): AsyncIterable<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: 256 * 1024 })
  inflate.end(data)
  return inflate
}

/** Unpacks no more than the archive says there is, which may be far less than there is. */
async function collect(source: AsyncIterable<Uint8Array> | Uint8Array[], size: number): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of source) {
    bytes += piece.byteLength
    if (bytes > size) throw bad('its file is larger than it says')
    pieces.push(piece)
  }
  if (bytes < size) throw bad('its file is smaller than it says')
  return pieces
}

function sumOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => crc32(piece, sum), 0)
}

/** Whatever its reader or zlib stumbles over is the archive's fault. After a colon their messages may quote it. */
function blame(error: unknown): BadPage {
  return bad(String(error instanceof Error ? error.message : error).split(':')[0]!)
}

function bad(why: string): BadPage {
  return new BadPage('bad-zip', `the answer is no ZIP archive as declared: ${why}`)
}
