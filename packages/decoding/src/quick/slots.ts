import {
  type Catalog,
  type Dictionary,
  type EventColumns,
  HASH_SPACE,
  type Hasher,
  type HashSpace,
  LARGEST_NUMBER,
} from '@kivi/domain'
import { ByteTable } from './byte-table.ts'
import { type EventPlan, HELD, ID_SLOT, KIND, planEvents, TIME_SLOT, TYPE_SLOT, type TypePlan } from './event-plan.ts'
import { epochMillisecondsOf } from './time-bytes.ts'

/**
 * The values of one message, as ranges of its bytes and numbers. A scanner fills them, `finish` checks them and
 * writes the row. Whatever is not plainly right makes `finish` answer false, with nothing written: then the plain
 * decoder decides. So a quick path never refuses a message, and the reasons have one author.
 */
export class Slots {
  readonly plan: EventPlan
  /** HELD by slot */
  readonly held: Uint8Array
  readonly start: Int32Array
  readonly end: Int32Array
  readonly number: Float64Array
  /** slots that hold something, each once, to be cleared by the next message */
  readonly touched: Int32Array
  touchedCount = 0

  readonly #hasher: Hasher
  #ownBytes = new Uint8Array(0)
  readonly #types: readonly TypePlan[]
  readonly #typeTable: ByteTable
  /** by type and slot */
  readonly #enums: readonly (ByteTable | null)[][]
  readonly #surveys: ByteTable
  readonly #scales: readonly { readonly min: number; readonly max: number }[]

  constructor(catalog: Catalog, hasher: Hasher) {
    this.plan = planEvents(catalog)
    this.#hasher = hasher
    this.#types = this.plan.types
    this.#typeTable = new ByteTable(this.#types.map(type => type.name))
    this.#enums = this.#types.map(type =>
      Array.from({ length: this.plan.slotCount }, (_, slot) => {
        const values = type.enums.get(slot)
        return values === undefined ? null : new ByteTable(values)
      }),
    )
    this.#surveys = new ByteTable(catalog.surveys.keys())
    this.#scales = [...catalog.surveys.values()]
    const { slotCount } = this.plan
    this.held = new Uint8Array(slotCount)
    this.start = new Int32Array(slotCount)
    this.end = new Int32Array(slotCount)
    this.number = new Float64Array(slotCount)
    this.touched = new Int32Array(slotCount)
  }

  clear(): void {
    for (let i = 0; i < this.touchedCount; i++) this.held[this.touched[i]!] = HELD.missing
    this.touchedCount = 0
  }

  /** A text at bytes[start, end), or one of our own: see ownText. */
  hold(slot: number, start: number, end: number): void {
    this.start[slot] = start
    this.end[slot] = end
    this.held[slot] = HELD.text
    this.touched[this.touchedCount++] = slot
  }

  /**
   * Keeps a text that is in no message, a symbol of an Avro enum, so that a slot can hold it: gives the start, which
   * is negative to tell it from places in a message, and the end.
   */
  ownText(text: string): [start: number, end: number] {
    const bytes = new TextEncoder().encode(text)
    const start = this.#ownBytes.length
    const larger = new Uint8Array(start + bytes.length)
    larger.set(this.#ownBytes)
    larger.set(bytes, start)
    this.#ownBytes = larger
    return [~start, start + bytes.length]
  }

  /** Clears after a message that was given up half-way, of which `touched` does not tell all. */
  forget(): void {
    this.held.fill(HELD.missing)
    this.touchedCount = 0
  }

  /** index in the plan's types of the type that the message names; −1 where there is no such type */
  typeOf(bytes: Uint8Array): number {
    return this.held[TYPE_SLOT] === HELD.text ? this.#find(this.#typeTable, TYPE_SLOT, bytes) : -1
  }

  /** index in the plan's types; −1 where there is no such type */
  typeNamed(name: string): number {
    return this.#types.findIndex(type => type.name === name)
  }

  /**
   * Checks what the message holds as an event of type `t` and writes it as row `row`; false: nothing is written,
   * ask the plain decoder.
   */
  finish(t: number, bytes: Uint8Array, row: number, dictionaries: readonly Dictionary[], into: EventColumns): boolean {
    if (!this.#check(t, bytes)) return false
    this.#write(this.#types[t]!, bytes, row, dictionaries, into)
    return true
  }

  #find(table: ByteTable, slot: number, bytes: Uint8Array): number {
    const start = this.start[slot]!
    return start >= 0 ? table.find(bytes, start, this.end[slot]!) : table.find(this.#ownBytes, ~start, this.end[slot]!)
  }

  #check(t: number, bytes: Uint8Array): boolean {
    const { held, number, touched, touchedCount } = this
    const type = this.#types[t]!
    if (held[ID_SLOT] !== HELD.text) return false
    const fields = this.plan.fields.length
    for (let i = 0; i < touchedCount; i++) {
      const slot = touched[i]!
      // the first three are checked on their own; what a map holds was checked when it was read
      if (slot <= TIME_SLOT || slot >= fields) continue
      const what = held[slot]!
      if (what === HELD.missing) continue
      switch (type.kinds[slot]) {
        case KIND.undeclared:
          if (what === HELD.map) return false
          held[slot] = HELD.missing
          break
        case KIND.string:
          if (what !== HELD.text) return false
          break
        case KIND.double:
          if (what !== HELD.number || !(Math.abs(number[slot]!) <= LARGEST_NUMBER)) return false
          break
        case KIND.long:
          if (what !== HELD.number || !(Math.abs(number[slot]!) <= LARGEST_NUMBER) || number[slot]! % 1 !== 0)
            return false
          break
        case KIND.boolean:
          if (what !== HELD.boolean) return false
          break
        case KIND.enum:
          if (what !== HELD.text || this.#find(this.#enums[t]![slot]!, slot, bytes) < 0) return false
          break
        default:
          if (what !== HELD.map) return false
      }
    }
    return this.#checkTime(bytes) && this.#complete(type) && this.#inScale(type, bytes)
  }

  #checkTime(bytes: Uint8Array): boolean {
    const { held, number } = this
    if (held[TIME_SLOT] === HELD.text) {
      if (this.start[TIME_SLOT]! < 0) return false
      number[TIME_SLOT] = epochMillisecondsOf(bytes, this.start[TIME_SLOT]!, this.end[TIME_SLOT]!)
      held[TIME_SLOT] = HELD.number
    } else if (held[TIME_SLOT] !== HELD.number) return false
    const time = number[TIME_SLOT]!
    // the years 1 to 9998; the plain decoder draws the exact line
    return time % 1 === 0 && time >= -62_135_596_800_000 && time < 253_370_764_800_000
  }

  /** Fills in defaults; false where a required field is missing. */
  #complete(type: TypePlan): boolean {
    const { held, start, end, touched } = this
    for (let i = 0; i < type.defaults.length; i++) {
      const slot = type.defaults[i]!
      if (held[slot] !== HELD.missing) continue
      held[slot] = HELD.text
      start[slot] = start[ID_SLOT]!
      end[slot] = end[ID_SLOT]!
      touched[this.touchedCount++] = slot
    }
    for (let i = 0; i < type.required.length; i++) if (held[type.required[i]!] === HELD.missing) return false
    return true
  }

  #inScale(type: TypePlan, bytes: Uint8Array): boolean {
    if (type.scale === null) return true
    const { survey, score } = type.scale
    if (this.held[survey] !== HELD.text) return false
    const scale = this.#scales[this.#find(this.#surveys, survey, bytes)]
    if (scale === undefined) return false
    if (this.held[score] === HELD.missing) return true
    return this.number[score]! >= scale.min && this.number[score]! <= scale.max
  }

  #hash(slot: number, bytes: Uint8Array, space: HashSpace): void {
    const start = this.start[slot]!
    if (start >= 0) this.#hasher.of(bytes, start, this.end[slot]!, space)
    else this.#hasher.of(this.#ownBytes, ~start, this.end[slot]!, space)
  }

  #write(
    type: TypePlan,
    bytes: Uint8Array,
    row: number,
    dictionaries: readonly Dictionary[],
    into: EventColumns,
  ): void {
    const { held, start, end, number, plan } = this
    const hasher = this.#hasher
    into.eventTime[row] = number[TIME_SLOT]!
    into.type[row] = type.index
    this.#hash(ID_SLOT, bytes, HASH_SPACE.text)
    into.idHigh[row] = hasher.high
    into.idLow[row] = hasher.low
    const person = held[plan.user] === HELD.text ? plan.user : plan.anonymous
    if (held[person] === HELD.text) {
      this.#hash(person, bytes, person === plan.user ? HASH_SPACE.user : HASH_SPACE.anonymous)
      into.personHigh[row] = hasher.high
      into.personLow[row] = hasher.low
    } else {
      into.personHigh[row] = 0
      into.personLow[row] = 0
    }
    for (let c = 0; c < plan.strings.length; c++) {
      const slot = plan.strings[c]!
      const isText = slot >= 0 && held[slot] === HELD.text
      if (!isText) into.strings[c]![row] = 0
      else if (start[slot]! >= 0) into.strings[c]![row] = dictionaries[c]!.id(bytes, start[slot]!, end[slot]!)
      else into.strings[c]![row] = dictionaries[c]!.id(this.#ownBytes, ~start[slot]!, end[slot]!)
    }
    for (let c = 0; c < plan.numbers.length; c++) {
      const slot = plan.numbers[c]!
      const isNumber = slot >= 0 && (held[slot] === HELD.number || held[slot] === HELD.boolean)
      into.numbers[c]![row] = isNumber ? number[slot]! : Number.NaN
    }
    for (let c = 0; c < plan.hashed.length; c++) {
      const slot = plan.hashed[c]!
      if (slot >= 0 && held[slot] === HELD.text) {
        this.#hash(slot, bytes, HASH_SPACE.text)
        into.hashedHigh[c]![row] = hasher.high
        into.hashedLow[c]![row] = hasher.low
      } else {
        into.hashedHigh[c]![row] = 0
        into.hashedLow[c]![row] = 0
      }
    }
  }
}
