export { createDatabase } from './databases.ts'
export { clickhouseUrl, kafkaBrokers, registryUrl, uniqueName } from './services.ts'
export { createTopic, type TopicOptions } from './topics.ts'
