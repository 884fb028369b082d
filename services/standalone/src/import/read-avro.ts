/** Avro object container files, with all codecs of its specification that Node can unpack. */
import { Readable } from 'node:stream'
import { inflateRaw, zstdDecompress } from 'node:zlib'
import { KiviError } from '@kivi/domain'
import avro from 'avsc'
import snappy from 'snappy'
import { property } from './read-ndjson.ts'
import { type Row, type RowSource, RUN } from './row.ts'

type Decoded = (error: Error | null, bytes?: Buffer) => void

/** Longs that a double cannot hold exactly come as bigint, so that no id or amount is silently another. */
const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => {
    const value = bytes.readBigInt64LE()
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
  },
  toBuffer: (value: number | bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(value))
    return bytes
  },
  fromJSON: (value: number | bigint) => value,
  toJSON: (value: number | bigint) => value as number,
  isValid: (value: unknown) => typeof value === 'number' || typeof value === 'bigint',
  compare: (a: number | bigint, b: number | bigint) => (a < b ? -1 : a > b ? 1 : 0),
})

const CODECS = {
  null: (bytes: Buffer, done: Decoded) => done(null, bytes),
  deflate: (bytes: Buffer, done: Decoded) => inflateRaw(bytes, done),
  // four bytes of checksum follow each block
  snappy: (bytes: Buffer, done: Decoded) => {
    snappy.uncompress(bytes.subarray(0, -4), { asBuffer: true }).then(
      unpacked => done(null, unpacked as Buffer),
      (error: Error) => done(error),
    )
  },
  zstandard: (bytes: Buffer, done: Decoded) => zstdDecompress(bytes, done),
}

interface FieldSchema {
  readonly name: string
  readonly type: unknown
}

interface Header {
  readonly meta: Readonly<Record<string, Buffer>>
  readonly sync: Buffer
}

/** A whole file ends with its marker; avsc takes one that was cut inside a block for a shorter file. */
interface Ending {
  sync: Buffer
  last: Buffer
}

async function* remember(bytes: AsyncIterable<Buffer>, ending: Ending): AsyncGenerator<Buffer> {
  for await (const part of bytes) {
    ending.last = Buffer.concat([ending.last, part.subarray(-16)]).subarray(-16)
    yield part
  }
}

interface RecordSchema {
  readonly name?: string
  readonly fields?: readonly FieldSchema[]
}

export async function readAvro(bytes: AsyncIterable<Buffer>, options: { name: string }): Promise<RowSource> {
  const decoder = new avro.streams.BlockDecoder({
    codecs: CODECS as never,
    parseHook: schema => avro.Type.forSchema(schema, { registry: { long: LONG } }),
  })
  const header = Promise.withResolvers<RecordSchema>()
  const ending: Ending = { sync: Buffer.alloc(0), last: Buffer.alloc(0) }
  const source = Readable.from(remember(bytes, ending), { objectMode: false })
  // the schema as written: avsc's own form of it leaves logical types out
  decoder.once('metadata', (_type: avro.Type, _codec: string, { meta, sync }: Header) => {
    ending.sync = sync
    header.resolve(JSON.parse(String(meta['avro.schema'])) as RecordSchema)
  })
  decoder.once('error', (error: Error) => header.reject(error))
  source.once('error', error => decoder.destroy(error))
  decoder.once('end', () => header.reject(new Error('the file ends before its header')))
  const records = source.pipe(decoder) as unknown as AsyncIterable<Record<string, unknown>>
  let schema: RecordSchema
  try {
    schema = await header.promise
  } catch (error) {
    source.destroy()
    throw damaged(options.name, error)
  }
  if (schema.fields === undefined)
    throw new KiviError('import_refused', `${options.name} holds Avro values that are no records.`)
  return {
    columns: null,
    recordName: schema.name?.split('.').at(-1) ?? null,
    rows: runs(records, microsecondFields(schema.fields), options.name, ending),
  }
}

/** A union's value comes wrapped (`{string: "x"}`) only where its branches are ambiguous; plain values stay. */
async function* runs(
  records: AsyncIterable<Record<string, unknown>>,
  micros: ReadonlySet<string>,
  name: string,
  ending: Ending,
): AsyncGenerator<readonly Row[]> {
  let run: Row[] = []
  let line = 0
  try {
    for await (const record of records) {
      line++
      run.push({ line, object: null, problem: null, value: field => plain(property(record, field), micros.has(field)) })
      if (run.length < RUN) continue
      yield run
      run = []
    }
  } catch (error) {
    throw damaged(name, error, line)
  }
  if (!ending.last.equals(ending.sync)) throw damaged(name, new Error('the end is missing'), line)
  if (run.length > 0) yield run
}

function plain(value: unknown, micros: boolean): unknown {
  if (typeof value === 'bigint') return micros ? Number(value / 1000n) : value
  return micros && typeof value === 'number' ? Math.floor(value / 1000) : value
}

/** Event times are milliseconds; Spark and others write `timestamp-micros`. */
function microsecondFields(fields: readonly FieldSchema[]): ReadonlySet<string> {
  const isMicros = (type: unknown): boolean =>
    Array.isArray(type)
      ? type.some(isMicros)
      : typeof type === 'object' &&
        type !== null &&
        (type as { logicalType?: string }).logicalType === 'timestamp-micros'
  return new Set(fields.filter(field => isMicros(field.type)).map(field => field.name))
}

function damaged(name: string, error: unknown, after = 0): KiviError {
  const where = after > 0 ? ` after record ${after}` : ''
  return new KiviError(
    'import_refused',
    `${name} is not a whole Avro container file${where}: ${(error as Error).message}.`,
    {
      cause: error,
    },
  )
}
