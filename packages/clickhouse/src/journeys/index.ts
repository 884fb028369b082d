export { createAttributionReader } from './attribution.ts'
export type { JourneyDeps } from './deps.ts'
export { createFunnelReader } from './funnels.ts'
