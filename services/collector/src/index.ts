export { PROBLEMS, type ProblemCode } from './problem.ts'
export { COLLECTOR_LIMITS, type CollectorDeps, type CollectorLimits, collectorRoutes } from './routes.ts'
export { type CollectorServerOptions, startCollector } from './start.ts'
