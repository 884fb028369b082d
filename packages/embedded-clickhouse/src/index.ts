export {
  type EmbeddedClickHouse,
  type EmbeddedClickHouseLog,
  type EmbeddedClickHouseOptions,
  startEmbeddedClickHouse,
} from './supervisor.ts'
