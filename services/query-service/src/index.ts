export { createQueryService, type QueryService, type QueryServiceDeps } from './app.ts'
