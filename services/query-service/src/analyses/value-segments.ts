/** Value segments: who was worth how much when the window began, and what each segment brought in it. */
import {
  type Catalog,
  type SegmentsQuestion,
  type SegmentWorth,
  sumToNumber,
  type TimeRange,
  type ValueSegments,
} from '@kivi/domain'
import { ProblemError } from '../http/problems.ts'
import { unknownName } from '../http/unknown.ts'
import { formatTime } from '../questions/times.ts'
import { type AnalysisMoment, type Freshness, freshnessAt } from './moment.ts'

interface Worth {
  readonly persons: number
  readonly sum: number
  readonly share_of_sum: number | null
  readonly mean: number | null
  readonly median: number | null
}

export interface SegmentsAnswer extends Freshness {
  readonly segments_of: string
  readonly method: SegmentsQuestion['method']
  readonly from: string
  readonly to: string
  readonly segments: ReadonlyArray<
    Worth & {
      readonly segment: string
      readonly share_of_persons: number | null
      /** the limit that was asked for, or the share */
      readonly limit: number | null
      readonly share: number | null
      /** the deciding value of its members, lowest and highest */
      readonly lowest: number | null
      readonly highest: number | null
    }
  >
  /** persons without history when the window began */
  readonly new: Worth
  readonly total: { readonly persons: number; readonly sum: number }
}

/** The division that is asked for; the only one where none is named. */
export function segmentsOf(catalog: Catalog, name: string | undefined): ValueSegments {
  const known = [...catalog.valueSegments.values()]
  const found = name === undefined && known.length === 1 ? known[0] : known.find(segments => segments.name === name)
  if (found !== undefined) return found
  const names = known.map(segments => segments.name)
  if (name !== undefined)
    throw unknownName('segments', name, names, { parameter: 'segments', code: 'invalid_parameter' })
  throw new ProblemError(
    'invalid_parameter',
    `segments is missing: ${names.length === 0 ? 'the catalog has none' : `give one of ${names.join(', ')}`}.`,
    { parameter: 'segments', allowed: names },
  )
}

export function segmentsAnswer(
  { segments, method }: Pick<SegmentsQuestion, 'segments' | 'method'>,
  range: TimeRange,
  moment: AnalysisMoment,
  found: readonly SegmentWorth[],
): SegmentsAnswer {
  const total = sumToNumber(found.reduce((sum, worth) => sum + worth.sum, 0n))
  const members = found.reduce((sum, worth) => sum + (worth.segment === null ? 0 : worth.persons), 0)
  const worthOf = (worth: SegmentWorth | undefined): Worth => {
    const [persons, sum] = [worth?.persons ?? 0, sumToNumber(worth?.sum ?? 0n)]
    return {
      persons,
      sum,
      // a share of nothing, or of what is given back, means nothing
      share_of_sum: total > 0 ? sum / total : null,
      mean: persons === 0 ? null : sum / persons,
      median: worth?.median ?? null,
    }
  }
  return {
    segments_of: segments.name,
    method,
    from: formatTime(range.from),
    to: formatTime(range.to),
    ...freshnessAt(moment, range.to),
    segments: segments.limits.map(({ segment, from }, index) => {
      const worth = found.find(one => one.segment === segment)
      return {
        segment,
        ...worthOf(worth),
        share_of_persons: members === 0 ? null : (worth?.persons ?? 0) / members,
        limit: method === 'limits' ? from : null,
        share: method === 'quantiles' ? (segments.shares[index]?.share ?? null) : null,
        lowest: worth?.lowest ?? null,
        highest: worth?.highest ?? null,
      }
    }),
    new: worthOf(found.find(worth => worth.segment === null)),
    total: { persons: found.reduce((sum, worth) => sum + worth.persons, 0), sum: total },
  }
}
