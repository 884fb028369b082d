/** Answers are compressed once, when the first one asks for it, however many are sent the same. */
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyRequest } from 'fastify'

export type Encoding = 'br' | 'gzip'

/** Below a packet's size nothing is won. */
const LEAST_BYTES = 1_400
/** Twice as small as level 1 costs four times its CPU; from 6 on much more is spent for little. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
}

const compress: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: bytes => promisify(brotliCompress)(bytes, BROTLI),
  gzip: bytes => promisify(gzip)(bytes),
}

const done = new WeakMap<object, Map<Encoding, Promise<Buffer>>>()

/** The best encoding that the client takes and that is worth it; null: as it is. */
export function encodingFor(request: FastifyRequest, body: string): Encoding | null {
  const header = request.headers['accept-encoding']
  if (header === undefined || body.length < LEAST_BYTES) return null
  const accepted = new Map(
    String(header)
      .split(',')
      .map(part => {
        const [name = '', ...parameters] = part.split(';').map(piece => piece.trim().toLowerCase())
        const weight = parameters.find(parameter => parameter.startsWith('q='))
        return [name, weight === undefined ? 1 : Number(weight.slice(2))] as const
      }),
  )
  const quality = (name: Encoding): number => accepted.get(name) ?? accepted.get('*') ?? 0
  if (quality('br') > 0 && quality('br') >= quality('gzip')) return 'br'
  return quality('gzip') > 0 ? 'gzip' : null
}

/** @param answer by which what was compressed is kept, as long as it lives */
export function compressed(answer: { readonly body: string }, encoding: Encoding): Promise<Buffer> {
  const kept = done.get(answer) ?? new Map<Encoding, Promise<Buffer>>()
  done.set(answer, kept)
  const bytes = kept.get(encoding) ?? compress[encoding](Buffer.from(answer.body))
  kept.set(encoding, bytes)
  return bytes
}
