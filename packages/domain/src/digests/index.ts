export { fittingDigest } from './deliver/fit.ts'
export * from './deliver/records.ts'
export { type DigestDelivery, settleDigest, takeOverDigest } from './deliver/settle.ts'
export {
  type DigestStep,
  type DigestWorld,
  sendableDigests,
  stepDigests,
  type WantedDigest,
  wantedDigests,
} from './deliver/step.ts'
export {
  type DigestPeriod,
  type DigestSchedule,
  digestPeriodAt,
  digestPeriodBeside,
  digestPeriodOn,
  latestDue,
  nextDue,
} from './periods.ts'
export { type ChatDigest, chatDigest } from './render/chat.ts'
export { digestHtml } from './render/html.ts'
export { digestMarkdown } from './render/markdown.ts'
export { pageOf as digestPageOf } from './render/tell.ts'
export { digestText } from './render/text.ts'
export type { DigestCircumstances } from './render/told.ts'
export { leadingAt, MOST_DIGEST_INDICATORS, type SelectedIndicator, selectedIndicators } from './select.ts'
export * from './types/index.ts'
