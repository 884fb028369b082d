export { createDigest, type Digest } from './digest.ts'
export { createDuplicateSet, type DuplicateSet, LONGEST_HORIZON } from './duplicate-set.ts'
export {
  createJudge,
  EARLIEST_EVENT_TIME,
  JUMP,
  type Judge,
  type JudgedBatch,
  type JudgeSettings,
  type JudgeState,
  LATEST_EVENT_TIME,
} from './judge.ts'
export { endianness, lanesOf } from './lanes.ts'
export * from './outcomes.ts'
export { judgePlain, type PlainJudgement, type PlainRecord } from './plain.ts'
