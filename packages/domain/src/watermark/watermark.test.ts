import { describe, expect, it } from 'vitest'
import { createWatermark, overallWatermark, type WatermarkEvidence } from './watermark.ts'

const NOW = Date.UTC(2026, 10, 21, 12)
const SECOND = 1000
const settings = { disorder: 30 * SECOND, idleAfter: 30 * SECOND }

const busy = (watermark: number): WatermarkEvidence => ({ watermark, idleSince: null, at: NOW })
const silent = (watermark: number, seconds: number, at = NOW): WatermarkEvidence => ({
  watermark,
  idleSince: at - seconds * SECOND,
  at,
})

describe("a partition's watermark", () => {
  it('is the newest event less the disorder, and moves forward only', () => {
    const watermark = createWatermark(30_000)
    expect(watermark.value).toBe(-1)
    watermark.observe(NOW, NOW)
    watermark.observe(NOW - 500_000, NOW + 5)
    expect(watermark.value).toBe(NOW - 30_000)
  })

  it('is not carried away by an event from the future', () => {
    const watermark = createWatermark(30_000)
    watermark.observe(NOW + 300_000, NOW)
    expect(watermark.value).toBe(NOW - 30_000)
  })

  it('goes by the event alone where the log has no stamps', () => {
    const watermark = createWatermark(0)
    watermark.observe(NOW, -1)
    expect(watermark.value).toBe(NOW)
  })

  it('refuses to be restored to an earlier one', () => {
    const watermark = createWatermark(0)
    watermark.restore(NOW)
    expect(watermark.value).toBe(NOW)
    expect(() => watermark.restore(NOW - 1)).toThrowError(/never goes back/)
  })
})

describe('the watermark of all partitions', () => {
  const of = (...partitions: WatermarkEvidence[]) => overallWatermark(partitions, NOW, settings)

  it('is not known without partitions, or while one is read that has shown no event', () => {
    expect(of()).toBe(-1)
    expect(of(busy(NOW), busy(-1))).toBe(-1)
  })

  it('is the slowest partition', () => {
    expect(of(busy(NOW - 5), busy(NOW - 100_000), busy(NOW))).toBe(NOW - 100_000)
  })

  it('follows the clock less the disorder when all are read to their end and silent', () => {
    expect(of(silent(NOW - 900_000, 60), silent(-1, 45))).toBe(NOW - 30_000)
  })

  it('is not held back by one silent partition, with or without events', () => {
    expect(of(busy(NOW - 31_000), silent(NOW - 9e6, 60), silent(-1, 60))).toBe(NOW - 31_000)
  })

  it('waits for a partition that has not been silent for long enough', () => {
    expect(of(busy(NOW - 31_000), silent(NOW - 9e6, 29))).toBe(NOW - 9e6)
  })

  it('follows the clock only as far as the worker has looked', () => {
    expect(of(silent(NOW - 9e6, 60, NOW - 500_000))).toBe(NOW - 530_000)
    expect(of(silent(NOW - 9e6, 10, NOW - 500_000))).toBe(NOW - 9e6)
  })

  it('never goes behind an earlier answer', () => {
    expect(overallWatermark([busy(NOW - 9e6)], NOW, settings, NOW - 40_000)).toBe(NOW - 40_000)
    expect(overallWatermark([], NOW, settings, NOW - 40_000)).toBe(NOW - 40_000)
  })
})
