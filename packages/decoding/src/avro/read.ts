import { isUtf8 } from 'node:buffer'
import type { Rejection } from '@kivi/domain'
import { reject } from '../rejection.ts'
import type { AvroNode } from './writer-schema.ts'

/** A value together with the branch of a union (or the type) that it was written as. */
export interface AvroValue {
  readonly node: AvroNode
  /**
   * null, boolean, number, bigint (a long beyond 2^53), string (texts and enum symbols), Uint8Array (bytes, fixed),
   * AvroValue[] (arrays; records, by field), [string, AvroValue][] (maps)
   */
  readonly value: unknown
}

/** Depth of values within values; beyond it only a schema that holds itself can lead. */
const DEEPEST = 64

/** Thrown and caught in this file: a recursive descent has no shorter way out. */
class Malformed extends Error {
  readonly rejection: Rejection
  constructor(rejection: Rejection) {
    super(rejection.detail)
    this.rejection = rejection
  }
}

/** Reads bytes[start, end) as exactly one value of the schema. Strict: what a correct writer cannot write is refused. */
export function readAvro(
  root: AvroNode,
  bytes: Uint8Array,
  start: number,
): { readonly value: AvroValue } | { readonly rejection: Rejection } {
  const reader = new Reader(bytes, start)
  try {
    const value = reader.read(root, 0)
    if (reader.at < bytes.length) reader.fail(`${bytes.length - reader.at} bytes are left after the last field`)
    return { value }
  } catch (error) {
    if (error instanceof Malformed) return { rejection: error.rejection }
    throw error
  }
}

class Reader {
  readonly bytes: Uint8Array
  readonly view: DataView
  at: number
  /** items of arrays and maps still allowed: an item may take no bytes, so a count alone could name 2^62 of them */
  items: number

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = start
    this.items = bytes.length + 1024
  }

  fail(problem: string): never {
    throw new Malformed(reject('invalid_avro', `${problem} (at byte ${this.at})`))
  }

  read(node: AvroNode, depth: number): AvroValue {
    if (depth > DEEPEST) this.fail(`values are nested deeper than ${DEEPEST} levels`)
    switch (node.kind) {
      case 'null':
        return { node, value: null }
      case 'boolean': {
        const byte = this.bytes[this.take(1)]!
        if (byte > 1) this.fail(`a boolean is the byte ${byte}`)
        return { node, value: byte === 1 }
      }
      case 'int': {
        const value = this.long()
        if (value !== BigInt.asIntN(32, value)) this.fail('an int has more than 32 bits')
        return { node, value: Number(value) }
      }
      case 'long': {
        const value = this.long()
        return { node, value: Number.isSafeInteger(Number(value)) ? Number(value) : value }
      }
      case 'float':
        return { node, value: this.view.getFloat32(this.take(4), true) }
      case 'double':
        return { node, value: this.view.getFloat64(this.take(8), true) }
      case 'bytes':
        return { node, value: this.slice(this.length()) }
      case 'fixed':
        return { node, value: this.slice(node.size) }
      case 'string':
        return { node, value: this.text() }
      case 'enum': {
        const index = this.long()
        const symbol = node.symbols[Number(index)]
        if (symbol === undefined) this.fail(`an enum of ${node.symbols.length} symbols has the index ${index}`)
        return { node, value: symbol }
      }
      case 'union': {
        const index = this.long()
        const branch = node.branches[Number(index)]
        if (branch === undefined) this.fail(`a union of ${node.branches.length} types has the index ${index}`)
        return this.read(branch, depth + 1)
      }
      case 'array': {
        const value: AvroValue[] = []
        this.blocks(() => value.push(this.read(node.items, depth + 1)))
        return { node, value }
      }
      case 'map': {
        const value: [string, AvroValue][] = []
        this.blocks(() => value.push([this.text(), this.read(node.items, depth + 1)]))
        return { node, value }
      }
      case 'record':
        return { node, value: node.fields.map(field => this.read(field.node, depth + 1)) }
    }
  }

  /** Arrays and maps: blocks of a count (negative: followed by the block's size in bytes), ended by a count of 0. */
  blocks(readItem: () => void): void {
    for (;;) {
      let count = this.long()
      if (count === 0n) return
      let end = -1
      if (count < 0n) {
        count = -count
        end = this.length()
        end += this.at
      }
      if (count > BigInt(this.items)) this.fail(`a block of ${count} items does not fit into the message`)
      this.items -= Number(count)
      for (let i = 0n; i < count; i++) readItem()
      if (end >= 0 && end !== this.at) this.fail('a block of items is not as long as it says')
    }
  }

  /** A zigzag varint of up to 64 bits. */
  long(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.bytes[this.take(1)]!
      if (shift === 63n && byte > 1) this.fail('a number takes more than 64 bits')
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return (value >> 1n) ^ -(value & 1n)
    }
  }

  /** The length of a text, bytes or block: not negative, and there. */
  length(): number {
    const length = this.long()
    if (length < 0n || length > BigInt(this.bytes.length - this.at)) {
      this.fail(`a length of ${length}, but ${this.bytes.length - this.at} bytes are left`)
    }
    return Number(length)
  }

  text(): string {
    const slice = this.slice(this.length())
    if (!isUtf8(slice))
      throw new Malformed(reject('invalid_utf8', `a text is not valid UTF-8 (before byte ${this.at})`))
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(slice)
  }

  slice(length: number): Uint8Array {
    const from = this.take(length)
    return this.bytes.subarray(from, from + length)
  }

  /** Where the next `count` bytes begin. */
  take(count: number): number {
    if (this.at + count > this.bytes.length) this.fail(`the message is cut off: ${count} more bytes expected`)
    this.at += count
    return this.at - count
  }
}
