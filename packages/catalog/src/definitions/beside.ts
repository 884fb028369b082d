import { type Benchmark, parseWindow, type Recording } from '@kivi/domain'
import type { Mapping } from '../mapping.ts'
import { readText } from './text.ts'

export const BENCHMARK_KEYS = { known: ['label', 'value', 'upper', 'source'] }
export const RECORD_KEYS = { known: ['every', 'by'] }

/** `none` says that there is none, where one would be made by default */
export const INTERVALS = ['wilson', 'clustered', 'nps', 'none'] as const

/** What an indicator says of its interval; undefined: nothing. */
export type DeclaredInterval = (typeof INTERVALS)[number] | undefined

/** The industry's figures: a value, or a range from value to upper. */
export function readBenchmarks(indicator: Mapping): Benchmark[] {
  return indicator.mappings('benchmarks', `a benchmark of ${indicator.what}`, BENCHMARK_KEYS).flatMap(mapping => {
    if (!mapping.require('label', 'value', 'source')) return []
    const label = readText(mapping, 'label')
    const value = mapping.number('value')
    const upper = mapping.number('upper') ?? null
    const source = mapping.text('source')
    if (value !== undefined && upper !== null && upper <= value)
      mapping.source.report(
        mapping.at('upper'),
        'wrong_value',
        `upper of ${mapping.what} (${upper}) is not above value (${value}).`,
        'Leave upper out where it is one figure.',
      )
    return label === undefined || value === undefined || source === undefined ? [] : [{ label, value, upper, source }]
  })
}

/** A recording with the places of its dimensions: they are checked once the indicator's are known. */
export interface DeclaredRecording extends Recording {
  readonly mapping: Mapping
}

/** `record: { every: 1h, by: [region] }` */
export function readRecording(indicator: Mapping): DeclaredRecording | null {
  const mapping = indicator.mapping('record', `record of ${indicator.what}`, RECORD_KEYS)
  if (mapping === undefined || !mapping.require('every')) return null
  const every = mapping.text('every')
  const by = mapping.texts('by') ?? []
  if (every === undefined) return null
  const length = parseWindow(every)
  if (!length.ok) {
    mapping.source.report(
      mapping.at('every'),
      'wrong_value',
      `every of ${mapping.what} is '${every}', which is no length of time.`,
      'Write 5m, 1h or 1d.',
    )
    return null
  }
  return { everyMs: length.ms, by: [...new Set(by.map(({ value }) => value))], mapping }
}

export function readInterval(mapping: Mapping): DeclaredInterval {
  return mapping.oneOf('interval', INTERVALS)
}
