/** Reports for whoever sends them: made as the API makes them, without its being asked over HTTP. */
import {
  type AlertHistoryStore,
  type Catalog,
  type DigestAnswer,
  type DigestSource,
  type MeasureSource,
  type PointStore,
  type Retention,
  type SteeringStore,
  selectedIndicators,
} from '@kivi/domain'
import { ALL } from '../access/view.ts'
import { createAnswerService } from '../answer-service.ts'
import { createSteeredCatalog } from '../steering/facts.ts'
import { makeDigest } from './make.ts'

export interface DigestSourceDeps {
  readonly catalog: () => Catalog
  readonly source: MeasureSource
  readonly points: PointStore
  readonly steering: SteeringStore
  readonly history: Pick<AlertHistoryStore, 'read'>
  readonly retention: Retention
  readonly disorderMs: number
  readonly idleAfterMs: number
  /** epoch ms */
  readonly now: () => number
}

/** A report is made now and then, and waits for its data anyway: nothing is kept. */
const KEPT_BYTES = 1 << 20
const FRESHNESS_MS = 1_000
/** These metrics are of what people ask. */
const UNTOLD = { slices_read: () => {}, answer_looked_up: () => {}, watermark_seen: () => {} }

export function createDigestSource({ catalog, steering, history, ...deps }: DigestSourceDeps): DigestSource {
  const steered = createSteeredCatalog(catalog, steering, deps.now)
  const answers = createAnswerService({
    ...deps,
    catalog: () => steered.current(),
    refresh: () => steered.refresh(),
    ...{ freshnessMs: FRESHNESS_MS, cacheBytes: KEPT_BYTES, events: UNTOLD },
  })
  return {
    async make(definition, period) {
      const { body } = await answers.within(ALL).analysis(
        ['digest', definition, period.name],
        all => selectedIndicators(all, definition, period.to).map(({ indicator }) => indicator),
        desk => makeDigest(desk, ALL, definition, period, { actions: () => steering.actions(), history }),
      )
      return JSON.parse(body) as DigestAnswer
    },
  }
}
