export { type IngestWorker, type IngestWorkerOptions, startIngestWorker } from './app.ts'
export { type OnStep, STEPS, type StepName } from './steps.ts'
export { BATCH_LIMITS, type BatchLimits, createIntake } from './topology.ts'
