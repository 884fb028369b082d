export { createQueryService, type QueryService, type QueryServiceDeps } from './app.ts'
export { createDigestSource, type DigestSourceDeps } from './digests/source.ts'
