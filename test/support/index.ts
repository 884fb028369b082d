export { createDatabase } from './databases.ts'
export { clickhouseUrl, kafkaBrokers, registryUrl, uniqueName } from './services.ts'
export { createTopic } from './topics.ts'
