export { type Evaluator, type EvaluatorOptions, startEvaluator } from './app.ts'
export { deriveAll } from './derive-all.ts'
