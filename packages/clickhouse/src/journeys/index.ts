export { createJourneySource, type JourneySourceOptions } from './journey-source.ts'
