/** Who makes reports: whoever sends them knows nothing of how values, targets and trends are computed. */
import type { DigestPeriod } from '../digests/periods.ts'
import type { DigestAnswer } from '../digests/types/answers.ts'
import type { DigestDefinition } from '../digests/types/definition.ts'

export interface DigestSource {
  /**
   * The report of a period from what is stored now, the same as the API answers; `complete` tells whether all of it is.
   * Throws store_unreachable or store_retriable where ClickHouse is away.
   */
  make(definition: DigestDefinition, period: DigestPeriod): Promise<DigestAnswer>
}
