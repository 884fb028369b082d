export { createQueryService, type QueryService, type QueryServiceDeps } from './app.ts'
export { assertProtected, loadQueryConfig, type QueryConfig } from './config.ts'
export { runQueryService } from './run.ts'
