/**
 * What a record costs to decode: `npm run bench -- decode`, or `node test/bench/decode.ts [RECORDS]`. Prints CPU
 * nanoseconds a record, the median of interleaved rounds, and how many times as quick as JSON.parse alone.
 */

import {
  createDecoder,
  createDictionary,
  createEventColumns,
  createSchemaRegistry,
  parseWriterSchema,
} from '@kivi/decoding'
import { createHasher, type EventColumns, type RecordSet } from '@kivi/domain'
import avro from 'avsc'
import { benchCatalog, benchEvents, GENERIC_SCHEMA } from './decode-data.ts'

const RECORDS = Number(process.argv[2] ?? 200_000)
const ROUNDS = 7
const BATCH = 2_000
const SCHEMA_ID = 7

const catalog = benchCatalog()
const schema = parseWriterSchema(JSON.stringify(GENERIC_SCHEMA))
const registry = {
  ...createSchemaRegistry({ url: null }),
  lookup: (id: number) => (id === SCHEMA_ID ? { schema } : undefined),
}
const events = benchEvents(RECORDS)
const avroType = avro.Type.forSchema(GENERIC_SCHEMA as avro.Schema, { wrapUnions: false })
const header = Buffer.of(0, 0, 0, 0, SCHEMA_ID)

const json = toRecordSet(events.map(event => Buffer.from(JSON.stringify(event))))
const avroSet = toRecordSet(events.map(event => Buffer.concat([header, avroType.toBuffer(event)])))

function toRecordSet(values: readonly Buffer[]): RecordSet {
  const bytes = new Uint8Array(values.reduce((sum, value) => sum + value.length + 8, 8))
  const valueStart = new Int32Array(values.length)
  const valueEnd = new Int32Array(values.length)
  const none = new Int32Array(values.length).fill(-1)
  let at = 8
  for (const [row, value] of values.entries()) {
    bytes.set(value, at)
    valueStart[row] = at
    valueEnd[row] = at + value.length
    at += value.length + 8
  }
  const offset = Float64Array.from(values, (_, row) => row)
  const shared = { bytes, offset, stamp: offset, valueStart, valueEnd, keyStart: none, keyEnd: none }
  return { ...shared, partition: 0, count: values.length, from: 0, to: values.length, headers: () => [] }
}

function decodeAll(set: RecordSet, plainOnly: boolean): () => void {
  const decoder = createDecoder({ catalog, registry, hasher: createHasher(1n), plainOnly })
  const dictionaries = catalog.layout.constants.map(createDictionary)
  const into: EventColumns = createEventColumns(catalog.layout, BATCH)
  return () => {
    for (let first = 0; first < set.count; first += BATCH) {
      decoder.decode(set, first, Math.min(first + BATCH, set.count), dictionaries, into)
      if (into.rejections.size > 0) throw new Error(`refused: ${[...into.rejections.values()][0]?.detail}`)
    }
  }
}

function eachValue(set: RecordSet, use: (value: Buffer) => void): () => void {
  const all = Buffer.from(set.bytes.buffer)
  return () => {
    for (let row = 0; row < set.count; row++) use(all.subarray(set.valueStart[row], set.valueEnd[row]))
  }
}

const variants: Readonly<Record<string, () => void>> = {
  'JSON.parse alone': eachValue(json, value => void JSON.parse(value.toString())),
  'JSON, quick path': decodeAll(json, false),
  'JSON, plain path': decodeAll(json, true),
  'avsc alone': eachValue(avroSet, value => void avroType.decode(value, 5)),
  'Avro, quick path': decodeAll(avroSet, false),
  'Avro, plain path': decodeAll(avroSet, true),
}

const nanoseconds = new Map<string, number[]>(Object.keys(variants).map(name => [name, []]))
for (let round = 0; round <= ROUNDS; round++) {
  for (const [name, run] of Object.entries(variants)) {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    // the first round warms up
    if (round > 0) nanoseconds.get(name)!.push(((user + system) * 1000) / RECORDS)
  }
}

const median = (name: string) => nanoseconds.get(name)!.sort((a, b) => a - b)[ROUNDS >> 1]!
const bytesPerRecord = (set: RecordSet) => Math.round(set.bytes.length / set.count) - 8
console.log(
  `${RECORDS.toLocaleString('en')} records; JSON ${bytesPerRecord(json)} bytes each, Avro ${bytesPerRecord(avroSet)}`,
)
for (const name of Object.keys(variants)) {
  const ratio = median('JSON.parse alone') / median(name)
  console.log(`${name.padEnd(18)} ${median(name).toFixed(0).padStart(6)} ns a record   x ${ratio.toFixed(2)}`)
}
