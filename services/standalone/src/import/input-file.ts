/** A file as bytes: named by its SHA-256, unpacked as its first bytes say, read as often as needed. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { KiviError } from '@kivi/domain'

export interface InputFile extends AsyncDisposable {
  /** as it was asked for */
  readonly name: string
  /** bytes as stored, for the progress bar */
  readonly size: number
  /** 64 hex digits over the bytes as stored */
  readonly sha256: string
  /** the unpacked bytes from the beginning; `onRead` hears of stored bytes that were read */
  unpacked(onRead?: (bytes: number) => void): AsyncIterable<Buffer>
}

/** `-` is standard input, which is kept in a temporary file: it is read twice, and cannot be read again later. */
export async function openInput(path: string, stdin: Readable): Promise<InputFile> {
  if (path !== '-') return openFile(path, path, async () => {})
  const directory = await mkdtemp(join(tmpdir(), 'kivi-import-'))
  const remove = () => rm(directory, { recursive: true, force: true })
  try {
    const copy = join(directory, 'stdin')
    await pipeline(stdin, createWriteStream(copy))
    return await openFile(copy, 'standard input', remove)
  } catch (error) {
    await remove()
    throw error
  }
}

async function openFile(path: string, name: string, close: () => Promise<void>): Promise<InputFile> {
  try {
    const info = await stat(path)
    if (!info.isFile()) throw new KiviError('import_refused', `${name} is not a file. Give the files in it one by one.`)
    const magic = await firstBytes(path)
    const hash = createHash('sha256')
    for await (const bytes of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(bytes as Buffer)
    return {
      name,
      size: info.size,
      sha256: hash.digest('hex'),
      unpacked: onRead => unpack(path, name, magic, onRead),
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    if (error instanceof KiviError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'it may not be read' : message
    throw new KiviError('import_refused', `${basename(name) === name ? name : path}: ${reason}.`, { cause: error })
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
  return buffer.subarray(0, bytesRead)
}

const GZIP = Buffer.from([0x1f, 0x8b])
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])

/** The first bytes decide, not the name: a file that was renamed or comes from a pipe is read all the same. */
async function* unpack(path: string, name: string, magic: Buffer, onRead?: (bytes: number) => void) {
  const stored = createReadStream(path, { highWaterMark: 1 << 18 })
  if (onRead) stored.on('data', bytes => onRead(bytes.length))
  const unpacker = magic.subarray(0, 2).equals(GZIP)
    ? createGunzip({ chunkSize: 1 << 18 })
    : magic.equals(ZSTD)
      ? createZstdDecompress({ chunkSize: 1 << 18 })
      : null
  if (unpacker === null) {
    yield* stored as AsyncIterable<Buffer>
    return
  }
  stored.on('error', error => unpacker.destroy(error))
  try {
    yield* stored.pipe(unpacker) as AsyncIterable<Buffer>
  } catch (error) {
    const { message } = error as Error
    throw new KiviError('import_refused', `${name} is damaged or cut off: ${message}.`, { cause: error })
  } finally {
    stored.destroy()
    unpacker.destroy()
  }
}
