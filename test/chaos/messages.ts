import type { StepName } from '@kivi/ingest-worker'

/** To a worker process: the next time that it comes to this step, it does this to itself. */
export interface Arm {
  readonly step: StepName
  readonly signal: 'SIGKILL' | 'SIGSTOP'
}

/** From a worker process. */
export type WorkerSays = { readonly type: 'ready' } | { readonly type: 'failed'; readonly message: string }
