/** What each operation takes and gives, read off the types that are generated from the OpenAPI document. */
import type { OPERATIONS } from './generated/operations.ts'
import type { operations } from './generated/schema.ts'

/** Names of operations: `value`, `series`, `board`, … */
export type Operation = keyof typeof OPERATIONS

type Given<T> = [T] extends [never] ? object : T

type Part<O extends Operation, P extends 'path' | 'query'> = Given<NonNullable<operations[O]['parameters'][P]>>

type Body<O extends Operation> = operations[O] extends {
  requestBody: { content: { 'application/json': infer T } }
}
  ? { readonly body: T }
  : object

/** Parameters of an operation, of path and query alike, and its `body` where it takes one. */
export type Asked<O extends Operation> = Part<O, 'path'> & Part<O, 'query'> & Body<O>

/** Names of operations that can be asked without saying anything. */
type Plain = { [O in Operation]: object extends Asked<O> ? O : never }[Operation]

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never

/** What an operation answers. */
export type Answer<O extends Operation> = operations[O] extends { responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 ? Json<R[S]> : never }[keyof R]
  : never

export interface CallOptions {
  /** aborts the request; the call then rejects with the signal's reason */
  readonly signal?: AbortSignal
  /** default that of the client */
  readonly timeoutMs?: number
}

/** One method per operation of the API. */
export type Methods = {
  readonly [O in Operation]: O extends Plain
    ? (asked?: Asked<O>, options?: CallOptions) => Promise<Answer<O>>
    : (asked: Asked<O>, options?: CallOptions) => Promise<Answer<O>>
}
