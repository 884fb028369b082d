import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'
import type { Node, Source } from './source.ts'
import { didYouMean } from './suggest.ts'

/** The keys that a mapping may have; `planned` ones are refused with a sentence that says so. */
export interface Keys {
  readonly known: readonly string[]
  readonly planned?: Readonly<Record<string, string>>
}

/**
 * A YAML mapping read key by key. Every getter reports what is wrong where it stands and answers undefined, so
 * that reading goes on and all problems are found at once.
 */
export class Mapping {
  readonly source: Source
  readonly node: YAMLMap
  /** what the mapping is, for messages: `measure clicks` */
  readonly what: string
  /** the key under which it stands, where it stands under one */
  readonly #key: Node | null
  readonly #values = new Map<string, { key: Node; value: Node | null }>()

  private constructor(source: Source, node: YAMLMap, what: string, key: Node | null) {
    this.#key = key
    this.source = source
    this.node = node
    this.what = what
    for (const pair of node.items as Pair[]) {
      const key = source.resolve(pair.key)
      if (!isScalar(key) || typeof key.value !== 'string') {
        source.report(key, 'wrong_type', `a key of ${what} is not a text.`, 'Put it in quotes.')
        continue
      }
      if (!this.#values.has(key.value)) this.#values.set(key.value, { key, value: source.resolve(pair.value) })
    }
  }

  /** `keys` null: any key (ids). */
  static read(
    source: Source,
    node: Node | null,
    what: string,
    keys: Keys | null,
    key: Node | null = null,
  ): Mapping | undefined {
    if (!isMap(node)) {
      source.report(node, 'wrong_type', `${what} must be a mapping (key: value).`)
      return undefined
    }
    const mapping = new Mapping(source, node, what, key)
    if (keys) mapping.refuseUnknown(keys)
    return mapping
  }

  /** reports every key that is not among those; `read` does so itself where it is given them */
  refuseUnknown({ known, planned = {} }: Keys): void {
    for (const [name, { key }] of this.#values) {
      if (known.includes(name)) continue
      const plan = Object.hasOwn(planned, name) ? planned[name] : undefined
      if (plan !== undefined)
        this.source.report(key, 'planned', `${name} of ${this.what} is planned: ${plan}`, 'This version refuses it.')
      else this.source.report(key, 'unknown_key', `${this.what} has no key '${name}'.`, didYouMean(name, known))
    }
  }

  get names(): string[] {
    return [...this.#values.keys()]
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  value(name: string): Node | null {
    return this.#values.get(name)?.value ?? null
  }

  /** the place of a key's value, else the mapping's own */
  at(name: string): Node {
    return this.value(name) ?? this.keyAt(name)
  }

  keyAt(name: string): Node {
    return this.#values.get(name)?.key ?? this.node
  }

  /** the place of its own key */
  keyOf(): Node {
    return this.#key ?? this.node
  }

  require(...names: string[]): boolean {
    let all = true
    for (const name of names) {
      if (this.has(name)) continue
      this.source.report(this.keyOf(), 'missing_key', `${this.what} needs ${name}.`)
      all = false
    }
    return all
  }

  #scalar(name: string, expected: string): unknown {
    if (!this.has(name)) return undefined
    const node = this.value(name)
    if (isScalar(node) && node.value !== null) return node.value
    this.source.report(this.at(name), 'wrong_type', `${name} of ${this.what} must be ${expected}.`)
    return undefined
  }

  text(name: string): string | undefined {
    const value = this.#scalar(name, 'a text')
    if (value === undefined) return undefined
    if (typeof value === 'string' && value.trim() !== '') return value
    this.source.report(
      this.at(name),
      'wrong_type',
      `${name} of ${this.what} must be a text${value === '' ? ' that is not empty' : ''}.`,
      typeof value === 'string' ? undefined : 'Put it in quotes.',
    )
    return undefined
  }

  number(name: string): number | undefined {
    const value = this.#scalar(name, 'a number')
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isFinite(value)) return value
    this.source.report(this.at(name), 'wrong_type', `${name} of ${this.what} must be a number, not ${shown(value)}.`)
    return undefined
  }

  boolean(name: string): boolean | undefined {
    const value = this.#scalar(name, 'true or false')
    if (value === undefined || typeof value === 'boolean') return value
    this.source.report(
      this.at(name),
      'wrong_type',
      `${name} of ${this.what} must be true or false, not ${shown(value)}.`,
    )
    return undefined
  }

  oneOf<T extends string>(
    name: string,
    allowed: readonly T[],
    planned: Readonly<Record<string, string>> = {},
  ): T | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if ((allowed as readonly string[]).includes(value)) return value as T
    const plan = Object.hasOwn(planned, value) ? planned[value] : undefined
    if (plan !== undefined)
      this.source.report(
        this.at(name),
        'planned',
        `${name}: ${value} of ${this.what} is planned: ${plan}`,
        'This version refuses it.',
      )
    else
      this.source.report(
        this.at(name),
        'wrong_value',
        `${name} of ${this.what} cannot be ${shown(value)}.`,
        didYouMean(value, allowed),
      )
    return undefined
  }

  /** texts with their places; a single text stands for a list of one */
  texts(name: string): { value: string; node: Node }[] | undefined {
    if (!this.has(name)) return undefined
    const node = this.value(name)
    const items = isSeq(node) ? node.items : [node]
    const found: { value: string; node: Node }[] = []
    for (const item of items) {
      const scalar = this.source.resolve(item)
      if (isScalar(scalar) && typeof scalar.value === 'string' && scalar.value !== '')
        found.push({ value: scalar.value, node: scalar })
      else this.source.report(scalar ?? this.at(name), 'wrong_type', `${name} of ${this.what} must be a list of texts.`)
    }
    return found
  }

  /** the same where an empty list means nothing and is a mistake */
  someTexts(name: string): { value: string; node: Node }[] | undefined {
    const node = this.value(name)
    if (!isSeq(node) || node.items.length > 0) return this.texts(name)
    this.source.report(node, 'wrong_value', `${name} of ${this.what} is an empty list.`)
    return undefined
  }

  mapping(name: string, what: string, keys: Keys | null): Mapping | undefined {
    if (!this.has(name)) return undefined
    return Mapping.read(this.source, this.at(name), what, keys, this.keyAt(name))
  }

  mappings(name: string, what: string, keys: Keys | null): Mapping[] {
    if (!this.has(name)) return []
    const node = this.value(name)
    if (!isSeq(node)) {
      this.source.report(this.at(name), 'wrong_type', `${name} of ${this.what} must be a list.`)
      return []
    }
    return node.items.flatMap(item => Mapping.read(this.source, this.source.resolve(item) ?? node, what, keys) ?? [])
  }

  /** the same where an empty list means nothing and is a mistake */
  someMappings(name: string, what: string, keys: Keys | null): Mapping[] {
    const node = this.value(name)
    if (isSeq(node) && node.items.length === 0)
      this.source.report(node, 'wrong_value', `${name} of ${this.what} is an empty list.`)
    return this.mappings(name, what, keys)
  }

  /** every key with its value as a mapping: definitions by id */
  entries(what: (id: string) => string, keys: Keys | null): [id: string, mapping: Mapping][] {
    return this.names.flatMap(id => {
      const mapping = this.mapping(id, what(id), keys)
      return mapping ? [[id, mapping] as [string, Mapping]] : []
    })
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
