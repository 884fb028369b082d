export { createDatabase } from './databases.ts'
export { builtDashboard, clickhouseUrl, kafkaBrokers, registryUrl, uniqueName } from './services.ts'
export { createTopic } from './topics.ts'
