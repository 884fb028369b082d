import { timestampUnit } from '../avro/project.ts'
import type { AvroNode, RecordNode } from '../avro/writer-schema.ts'
import { AvroRuntime, type MapSlots } from './avro-runtime.ts'
import { ByteTable } from './byte-table.ts'
import { HELD, TIME_SLOT } from './event-plan.ts'
import type { Slots } from './slots.ts'

/** Reads bytes[start, end) into the slots; false: ask the plain decoder, the slots are worthless. */
export type AvroScan = (bytes: Uint8Array, start: number, end: number) => boolean

/** Deeper schemas, and those that hold themselves, are left to the plain decoder. */
const DEEPEST = 8

/**
 * Compiles a writer's record into one function that reads the fields somebody asks for into slots and skips the
 * rest, with every bound checked. Null where the schema has something unusual. Only numbers and our own names get
 * into the source, never a text of the schema.
 */
export function compileAvroScan(root: RecordNode, slots: Slots): AvroScan | null {
  const compiler = new Compiler(slots)
  const body = compiler.fields(root, 0, true)
  if (compiler.unusual) return null
  const source = `return function scan(b, start, end) {
  const view = R.viewOf(b)
  let p = start, n = 0, x = 0, q = 0
  ${body}
  slots.touchedCount = n
  return p === end
}`
  const { held, start, end, number, touched } = slots
  return new Function('slots', 'R', 'H', 'S', 'E', 'N', 'T', 'MAPS', 'SYMBOLS', source)(
    slots,
    new AvroRuntime(),
    held,
    start,
    end,
    number,
    touched,
    compiler.maps,
    compiler.symbols,
  ) as AvroScan
}

/** `slot` −1: skip the value. */
class Compiler {
  readonly slots: Slots
  readonly maps: MapSlots[] = []
  /** per enum, start and end of each symbol in the slots' own texts */
  readonly symbols: Int32Array[] = []
  unusual = false
  #loops = 0

  constructor(slots: Slots) {
    this.slots = slots
  }

  fields(record: RecordNode, depth: number, asked: boolean): string {
    const slotOf = (name: string) => (asked ? this.slots.plan.fields.indexOf(name) : -1)
    return record.fields.map(field => this.value(field.node, slotOf(field.name), depth + 1)).join('\n')
  }

  value(node: AvroNode, slot: number, depth: number): string {
    if (depth > DEEPEST) return this.#giveUp()
    switch (node.kind) {
      case 'null':
        return ''
      case 'boolean':
        return `if (p >= end) return false
x = b[p++]; if (x > 1) return false
${this.#hold(slot, HELD.boolean, 'x')}`
      case 'int':
        // more than 32 bits is refused by the plain decoder
        return `x = R.long(b, p, end); if (!(x >= -2147483648 && x <= 2147483647)) return false
p = R.at
${this.#hold(slot, HELD.number, 'x')}`
      case 'long':
        return slot < 0 ? 'p = R.skipLong(b, p, end); if (p < 0) return false' : this.#long(node.logicalType, slot)
      case 'float':
      case 'double': {
        const [size, read] = node.kind === 'float' ? [4, 'getFloat32'] : [8, 'getFloat64']
        return `if (p + ${size} > end) return false
${this.#hold(slot, HELD.number, `view.${read}(p, true) + 0`)}
p += ${size}`
      }
      case 'bytes':
      case 'fixed':
        if (slot >= 0) return this.#giveUp()
        return node.kind === 'bytes' ? `${LENGTH}\np = q` : `p += ${node.size}; if (p > end) return false`
      case 'string':
        return `${LENGTH}
if (!R.isText(b, view, p, q)) return false
${slot < 0 ? '' : `if (q > p) { S[${slot}] = p; E[${slot}] = q; H[${slot}] = ${HELD.text}; T[n++] = ${slot} }`}
p = q`
      case 'enum':
        return this.#enum(node.symbols, slot)
      case 'union':
        return this.#union(node.branches, slot, depth)
      case 'record':
        return slot < 0 ? this.fields(node, depth, false) : this.#giveUp()
      case 'array':
        return slot < 0 ? this.#blocks(node.items, '', depth) : this.#giveUp()
      case 'map':
        return slot < 0 ? this.#blocks(node.items, TEXT, depth) : this.#map(node.items, slot)
    }
  }

  #long(logicalType: string | null, slot: number): string {
    const unit = slot === TIME_SLOT ? timestampUnit(logicalType) : 1n
    const value = unit === 1n ? 'x' : `Math.floor(x / ${unit})`
    return `x = R.long(b, p, end); if (x !== x) return false
p = R.at
${this.#hold(slot, HELD.number, value)}`
  }

  #enum(symbols: readonly string[], slot: number): string {
    const index = `x = R.long(b, p, end); if (!(x >= 0 && x < ${symbols.length})) return false
p = R.at`
    if (slot < 0) return index
    const ranges = Int32Array.from(symbols.flatMap(symbol => this.slots.ownText(symbol)))
    const table = `SYMBOLS[${this.symbols.push(ranges) - 1}]`
    return `${index}
S[${slot}] = ${table}[2 * x]; E[${slot}] = ${table}[2 * x + 1]; H[${slot}] = ${HELD.text}; T[n++] = ${slot}`
  }

  #union(branches: readonly AvroNode[], slot: number, depth: number): string {
    const cases = branches.map((branch, i) => `case ${i}: {\n${this.value(branch, slot, depth + 1)}\nbreak }`)
    return `x = R.long(b, p, end)
p = R.at
switch (x) {
${cases.join('\n')}
default: return false
}`
  }

  /** Arrays and maps that nobody asks for. Items of no bytes could be any number: left to the plain decoder. */
  #blocks(items: AvroNode, key: string, depth: number): string {
    if (key === '' && mayBeEmpty(items)) return this.#giveUp()
    const count = `c${this.#loops++}`
    return `for (;;) {
let ${count} = R.long(b, p, end); if (!(${count} >= 0)) return false
p = R.at
if (${count} === 0) break
for (; ${count} > 0; ${count}--) {
${key}
${this.value(items, -1, depth + 1)}
}
}`
  }

  #map(items: AvroNode, slot: number): string {
    const inner = this.slots.plan.maps.get(slot)
    const nullBranch = nullOfTexts(items)
    if (inner === undefined || nullBranch === undefined) return this.#giveUp()
    const map = {
      table: new ByteTable(inner.map(entry => entry.name)),
      slots: Int32Array.from(inner, entry => entry.slot),
    }
    return `slots.touchedCount = n
if (!R.map(slots, MAPS[${this.maps.push(map) - 1}], ${nullBranch}, b, view, p, end)) return false
p = R.at; n = slots.touchedCount
H[${slot}] = ${HELD.map}; T[n++] = ${slot}`
  }

  #hold(slot: number, what: number, value: string): string {
    return slot < 0 ? '' : `N[${slot}] = ${value}; H[${slot}] = ${what}; T[n++] = ${slot}`
  }

  #giveUp(): string {
    this.unusual = true
    return ''
  }
}

/** A length and, in q, where what it measures ends. Most lengths are one byte, an even one: zigzag, not negative. */
const LENGTH = `if (p >= end) return false
x = b[p]
if (x < 128) { if ((x & 1) === 1) return false; x >>= 1; p++ } else { x = R.long(b, p, end); if (!(x >= 0)) return false; p = R.at }
q = p + x; if (q > end) return false`

const TEXT = `${LENGTH}
if (!R.isText(b, view, p, q)) return false
p = q`

/** −1: texts; 0 or 1: the place of null in a union of null and string; undefined: anything else. */
function nullOfTexts(node: AvroNode): number | undefined {
  if (node.kind === 'string') return -1
  if (node.kind !== 'union' || node.branches.length !== 2) return undefined
  const nullBranch = node.branches.findIndex(branch => branch.kind === 'null')
  return nullBranch >= 0 && node.branches[1 - nullBranch]!.kind === 'string' ? nullBranch : undefined
}

function mayBeEmpty(node: AvroNode): boolean {
  if (node.kind === 'null') return true
  if (node.kind === 'fixed') return node.size === 0
  // a record that holds itself has no end here; it takes a byte for the union or array through which it does
  return node.kind === 'record' && node.fields.every(field => field.node.kind === 'record' || mayBeEmpty(field.node))
}
