export { type IngestWorker, type IngestWorkerOptions, startIngestWorker } from './app.ts'
export { type OnStep, STEPS, type StepName } from './steps.ts'
export type { BatchLimits } from './topology.ts'
