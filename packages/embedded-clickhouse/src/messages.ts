/** What the supervisor and the process of the engine say to each other. */
export interface ChildOptions {
  readonly dataDir: string
  readonly host: string
  readonly port: number
  readonly memoryBytes: number
  readonly resultBytes: number
  readonly readSeconds: number
}

export type ToChild = { readonly type: 'start'; readonly options: ChildOptions } | { readonly type: 'stop' }

export type FromChild =
  | { readonly type: 'ready'; readonly port: number; readonly version: string }
  | { readonly type: 'failed'; readonly code: string; readonly message: string }
