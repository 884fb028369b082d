/** The body of a request as bytes, unpacked, and never more of it than allowed. */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Problem } from './problem.ts'

export async function readBody(
  request: Pick<IncomingMessage, 'headers'>,
  payload: Readable,
  limits: { readonly maxBytes: number },
): Promise<Buffer> {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding !== 'identity' && encoding !== 'gzip')
    throw new Problem('media_type_unknown', `Content-Encoding is ${encoding}; send the body plain or with gzip.`)
  const gzipped = encoding === 'gzip'
  const unpacker = gzipped ? createGunzip() : null
  if (unpacker !== null) payload.on('error', error => unpacker.destroy(error))
  const bytes: Readable = unpacker === null ? payload : payload.pipe(unpacker)
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of bytes as AsyncIterable<Buffer>) {
      length += part.length
      // counted after unpacking: a few kilobytes of gzip can hold gigabytes
      if (length > limits.maxBytes)
        throw new Problem(
          'body_too_large',
          `The body is over ${limits.maxBytes} bytes: send the events in several requests.`,
        )
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof Problem || !gzipped) throw error
    throw new Problem('body_invalid', `The body is not valid gzip: ${(error as Error).message}.`, { cause: error })
  }
  return Buffer.concat(parts)
}
