import { isUtf8 } from 'node:buffer'
import { type Row, type RowSource, RUN, unreadable } from './row.ts'

/** Longer lines are refused, so that one without end does not fill the memory. */
const LONGEST_LINE = 16 << 20
const NEWLINE = 0x0a
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/** One JSON object a line; empty lines are passed over. */
export function readNdjson(bytes: AsyncIterable<Buffer>): RowSource {
  return { columns: null, recordName: null, rows: runs(bytes) }
}

async function* runs(bytes: AsyncIterable<Buffer>): AsyncGenerator<readonly Row[]> {
  let run: Row[] = []
  let number = 0
  for await (const line of lines(bytes)) {
    number++
    const row =
      line === null ? unreadable(number, `the line is longer than ${LONGEST_LINE} bytes`) : readLine(line, number)
    if (row === null) continue
    run.push(row)
    if (run.length < RUN) continue
    yield run
    run = []
  }
  if (run.length > 0) yield run
}

/** Lines without their end; null for one that is too long. */
async function* lines(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  let parts: Buffer[] = []
  let length = 0
  const finish = (last: Buffer): Buffer | null => {
    const whole = length > LONGEST_LINE ? null : parts.length === 0 ? last : Buffer.concat([...parts, last])
    parts = []
    length = 0
    return whole
  }
  for await (const chunk of bytes) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      length += end - start
      yield finish(chunk.subarray(start, end))
      start = end + 1
    }
    length += chunk.length - start
    if (length <= LONGEST_LINE && start < chunk.length) parts.push(chunk.subarray(start))
  }
  if (length > 0) yield finish(Buffer.alloc(0))
}

function readLine(line: Buffer, number: number): Row | null {
  const json = number === 1 && line.subarray(0, 3).equals(BYTE_ORDER_MARK) ? line.subarray(3) : line
  if (!isUtf8(json)) return unreadable(number, 'the line is not valid UTF-8')
  const text = json.toString('utf8').trim()
  if (text === '') return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return unreadable(number, `the line is not valid JSON: ${(error as Error).message.slice(0, 200)}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return unreadable(number, 'the line is not one JSON object')
  const object = value as Readonly<Record<string, unknown>>
  return { line: number, object, problem: null, value: name => property(object, name) }
}

/** `campaign`, or `properties.policy` for a part of an object. */
export function property(object: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name]
  const point = name.indexOf('.')
  if (point < 0) return undefined
  const inner = Object.hasOwn(object, name.slice(0, point)) ? object[name.slice(0, point)] : undefined
  if (typeof inner !== 'object' || inner === null) return undefined
  return property(inner as Readonly<Record<string, unknown>>, name.slice(point + 1))
}
