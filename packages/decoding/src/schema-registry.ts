import { KiviError } from '@kivi/domain'
import { parseWriterSchema, type WriterSchema } from './avro/writer-schema.ts'

/** What a schema id stands for: a schema, or one that is no Avro (Protobuf, JSON Schema, broken). */
export type RegisteredSchema = { readonly schema: WriterSchema } | { readonly problem: string }

/**
 * Writer schemas by the id of the Confluent wire format. Looking up waits and comes before decoding, which does not:
 * `resolve` what `Decoder.unresolved` names, then decode.
 */
export interface SchemaRegistry {
  /**
   * Looks up the ids and gives those that the registry answers not to know. Rejects with registry_unreachable where
   * it does not answer: an outage, to be asked again, never an outcome.
   */
  resolve(ids: readonly number[]): Promise<readonly number[]>
  /** what is known without asking */
  lookup(id: number): RegisteredSchema | undefined
}

export interface SchemaRegistryOptions {
  /** base of the Confluent-compatible API; null: there is no registry, no id is known */
  readonly url: string | null
  /** sent as basic authentication */
  readonly user?: string
  readonly password?: string
  /** for one request, ms; default 10 000 */
  readonly timeoutMs?: number
  /** for how long an id stays unknown before it is asked for again, ms; default 30 000 */
  readonly unknownForMs?: number
  /** monotonic ms */
  readonly now?: () => number
}

interface Subject {
  readonly name: string
  readonly subject: string
  readonly version: number
}

interface SchemaAnswer {
  readonly schema: string
  readonly schemaType?: string
  readonly references?: readonly Subject[]
}

export function createSchemaRegistry(options: SchemaRegistryOptions): SchemaRegistry {
  return new HttpSchemaRegistry(options)
}

/** Schemas never change under an id, so they are kept for good; one request at a time per id. */
class HttpSchemaRegistry implements SchemaRegistry {
  readonly #options: SchemaRegistryOptions
  readonly #known = new Map<number, RegisteredSchema>()
  /** by id, the instant until which it stays unknown */
  readonly #unknown = new Map<number, number>()
  readonly #pending = new Map<number, Promise<RegisteredSchema | null>>()
  readonly #now: () => number

  constructor(options: SchemaRegistryOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  lookup(id: number): RegisteredSchema | undefined {
    return this.#known.get(id)
  }

  async resolve(ids: readonly number[]): Promise<readonly number[]> {
    if (this.#options.url === null) return ids
    const answers = await Promise.all(ids.map(async id => ({ id, schema: await this.#resolveOne(id) })))
    return answers.filter(answer => answer.schema === null).map(answer => answer.id)
  }

  async #resolveOne(id: number): Promise<RegisteredSchema | null> {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const until = this.#unknown.get(id)
    if (until !== undefined && this.#now() < until) return null
    const running = this.#pending.get(id)
    if (running !== undefined) return running
    const request = this.#fetchById(id)
    this.#pending.set(id, request)
    try {
      return await request
    } finally {
      this.#pending.delete(id)
    }
  }

  async #fetchById(id: number): Promise<RegisteredSchema | null> {
    const answer = await this.#get(`schemas/ids/${id}`)
    if (answer === null) {
      // bounded: damaged messages name ids at random
      if (this.#unknown.size >= 10_000) this.#unknown.clear()
      this.#unknown.set(id, this.#now() + (this.#options.unknownForMs ?? 30_000))
      return null
    }
    this.#unknown.delete(id)
    const schema = await this.#parse(id, answer)
    this.#known.set(id, schema)
    return schema
  }

  async #parse(id: number, answer: SchemaAnswer): Promise<RegisteredSchema> {
    const type = answer.schemaType ?? 'AVRO'
    if (type !== 'AVRO') return { problem: `schema ${id} of the Schema Registry is ${type}, expected AVRO` }
    const references = await this.#references(answer.references ?? [], new Set())
    try {
      return { schema: parseWriterSchema(answer.schema, references) }
    } catch (error) {
      return { problem: `schema ${id} of the Schema Registry is no valid Avro schema: ${(error as Error).message}` }
    }
  }

  /** texts of what a schema refers to, each after those that it needs itself */
  async #references(subjects: readonly Subject[], seen: Set<string>): Promise<readonly string[]> {
    const texts: string[] = []
    for (const { subject, version } of subjects) {
      const path = `subjects/${encodeURIComponent(subject)}/versions/${version}`
      if (seen.has(path)) continue
      seen.add(path)
      const answer = await this.#get(path)
      if (answer === null) throw this.#failure(path, 'it does not know a schema that another refers to')
      texts.push(...(await this.#references(answer.references ?? [], seen)), answer.schema)
    }
    return texts
  }

  /** null: the registry answers that it has no such thing */
  async #get(path: string): Promise<SchemaAnswer | null> {
    const { user, password, timeoutMs = 10_000 } = this.#options
    const headers: Record<string, string> = { accept: 'application/vnd.schemaregistry.v1+json, application/json' }
    if (user !== undefined) {
      headers['authorization'] = `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`
    }
    let response: Response
    let body: unknown
    try {
      response = await fetch(this.#address(path), { headers, signal: AbortSignal.timeout(timeoutMs) })
      body = await response.json().catch(() => null)
    } catch (error) {
      throw this.#failure(
        path,
        ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message,
        error,
      )
    }
    // a proxy's bare 404 is no answer of a registry: its errors are JSON with a code
    if (response.status === 404 && isRecord(body) && 'error_code' in body) return null
    if (response.status === 401 || response.status === 403) {
      throw this.#failure(
        path,
        `it refuses the user (HTTP ${response.status}); check KIVI_SCHEMA_REGISTRY_URL's credentials`,
      )
    }
    if (!response.ok || !isRecord(body) || typeof body['schema'] !== 'string') {
      throw this.#failure(path, `HTTP ${response.status}, not a schema`)
    }
    return body as unknown as SchemaAnswer
  }

  #address(path: string): string {
    return `${this.#options.url!.replace(/\/+$/, '')}/${path}`
  }

  #failure(path: string, why: string, cause?: unknown): KiviError {
    return new KiviError('registry_unreachable', `The Schema Registry at ${this.#address(path)}: ${why}.`, { cause })
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
