export {
  createWatermark,
  overallWatermark,
  partitionWatermark,
  type Watermark,
  type WatermarkEvidence,
  type WatermarkSettings,
} from './watermark.ts'
