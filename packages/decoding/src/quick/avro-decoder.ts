import type { Catalog } from '@kivi/domain'
import { typeByName } from '../avro/project.ts'
import type { RecordNode, WriterSchema } from '../avro/writer-schema.ts'
import type { PlainDecoder } from '../plain-decoder.ts'
import { type AvroScan, compileAvroScan } from './avro-compiler.ts'
import { HELD, TYPE_SLOT } from './event-plan.ts'
import type { Slots } from './slots.ts'

interface CompiledSchema {
  readonly scan: AvroScan
  /** by the plan's types: is every field of the type read under its own name? Else the plain decoder resolves it. */
  readonly readable: readonly boolean[]
  /** the type of a record without the field event_type, with its name as a text of the slots; null: it has the field */
  readonly fixedType: { readonly index: number; readonly start: number; readonly end: number } | null
}

/** The quick path of Avro messages: one compiled reader per writer schema, made when its first message comes. */
export class QuickAvro {
  readonly #catalog: Catalog
  readonly #slots: Slots
  readonly #plain: PlainDecoder
  readonly #compiled = new Map<WriterSchema, CompiledSchema | null>()

  constructor(catalog: Catalog, slots: Slots, plain: PlainDecoder) {
    this.#catalog = catalog
    this.#slots = slots
    this.#plain = plain
  }

  /** Index in the plan's types of the event in bytes[start, end), which is in the slots then; −1: ask the plain decoder. */
  scan(schema: WriterSchema, bytes: Uint8Array, start: number, end: number): number {
    let compiled = this.#compiled.get(schema)
    if (compiled === undefined) {
      compiled = this.#compile(schema)
      this.#compiled.set(schema, compiled)
    }
    if (compiled === null) return -1
    const slots = this.#slots
    slots.clear()
    if (compiled.scan(bytes, start, end)) {
      const type = this.#typeOf(compiled, bytes)
      if (type >= 0 && compiled.readable[type]) return type
    }
    slots.forget()
    return -1
  }

  #typeOf({ fixedType }: CompiledSchema, bytes: Uint8Array): number {
    const slots = this.#slots
    if (fixedType === null) return slots.typeOf(bytes)
    if (slots.held[TYPE_SLOT] === HELD.missing) slots.hold(TYPE_SLOT, fixedType.start, fixedType.end)
    return fixedType.index
  }

  #compile({ root }: WriterSchema): CompiledSchema | null {
    if (root.kind !== 'record') return null
    const scan = compileAvroScan(root, this.#slots)
    if (scan === null) return null
    const readable = this.#slots.plan.types.map(type => this.#isReadable(root, type.name))
    if (root.fields.some(field => field.name === 'event_type')) return { scan, readable, fixedType: null }
    const name = typeByName(this.#catalog, root.name)
    const [start, end] = this.#slots.ownText(name)
    return { scan, readable, fixedType: { index: this.#slots.typeNamed(name), start, end } }
  }

  #isReadable(root: RecordNode, type: string): boolean {
    const projected = this.#plain.project(root, type)
    if ('rejection' in projected) return false
    return [...projected.projection].every(([field, index]) => root.fields[index]!.name === field)
  }
}
