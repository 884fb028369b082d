/**
 * Everything that a leader asks ClickHouse, in one pass beside the steps: how far the data are, each rule that is due
 * by one reading, and what people silenced. A ClickHouse that hangs thus holds up no message and no outcome.
 */
import {
  type AlertRule,
  type AlertState,
  type Catalog,
  type DueLimits,
  dueInstants,
  instantsAtOnce,
  isAboutKivi,
  isKiviError,
  isStoreAway,
  type KiviReading,
  type MeasureSource,
  measuresBehind,
  type RuleEvaluation,
  readRule,
  type SilenceFacts,
  type SilenceStore,
  type SystemSource,
} from '@kivi/domain'
import { createPauses } from '../pauses.ts'
import { type ComputeDeps, createMoments } from '../recording/compute.ts'

export interface ReadingDeps extends Pick<ComputeDeps, 'retention' | 'watermark' | 'now'> {
  readonly source: MeasureSource
  readonly silences: Pick<SilenceStore, 'silences' | 'acknowledgements'>
  readonly system: Pick<SystemSource, 'ledger'>
  /** how long ago missed instants are still evaluated, ms */
  readonly catchUpMs: number
  readonly tell: {
    alertsEvaluated(fields: { alert: string; instants: number; groups: number; seconds: number }): void
    alertFailed(fields: { alert: string; error: unknown; pauseMs: number }): void
  }
}

/** What one pass found. */
export interface Found {
  readonly evaluations: readonly RuleEvaluation[]
  /** rules of which further instants are due */
  readonly catchingUp: ReadonlySet<string>
  /** null: they could not be read */
  readonly silences: SilenceFacts | null
  /** null: there is none, or it could not be read */
  readonly watermark: number | null
  /** records and how many of them were set aside, by the length of a rule's window */
  readonly records: ReadonlyMap<number, NonNullable<KiviReading['records']>>
  /** what is wrong with ClickHouse; null: it answers */
  readonly problem: string | null
}

export type Reader = (catalog: Catalog, state: AlertState) => Promise<Found>

/** A day of missed instants is read in parts, so that what is found is in the log before the next part is asked for. */
const MOST_INSTANTS = 360
/** After so long a pass begins no further rule: what it found is appended first. */
const PASS_MS = 3_000
/** Below the retention of the finest slices by this: what is about to be deleted is not counted on. */
const MARGIN_MS = 3_600_000
/** An acknowledgement or silence may become visible so long after it was written. */
const OVERLAP_MS = 60_000
/** What was said while nobody led is looked for so far back. */
const SAID_WITHIN_MS = 30 * 86_400_000

export function createReader(deps: ReadingDeps): Reader {
  const { now, tell } = deps
  const openMoment = createMoments(deps)
  const resting = createPauses(now)
  const catchUpMs = Math.min(deps.catchUpMs, deps.retention.tenSeconds - MARGIN_MS)
  /** groups that each rule had when it was read last */
  const groups = new Map<string, number>()
  let heardUntil: number | null = null

  return async function read(catalog, state) {
    const evaluations: RuleEvaluation[] = []
    const catchingUp = new Set<string>()
    let silences: SilenceFacts | null = null
    let watermark: number | null = null
    let records: Found['records'] = new Map()
    let problem: string | null = null
    try {
      silences = await readSilences()
      const rules = [...catalog.alerting.rules.values()]
      records = await readRecords(rules)
      const indicators = new Set(rules.flatMap(rule => catalog.indicators.get(rule.indicator ?? '') ?? []))
      const moment = await openMoment(catalog, [...indicators])
      if (moment !== null) {
        watermark = moment.watermark
        await readRules(moment)
      }

      async function readRules({ basis, watermarks }: NonNullable<typeof moment>): Promise<void> {
        const until = performance.now() + PASS_MS
        // whoever is furthest behind comes first, so that none is forgotten
        const behind = rules
          .filter(rule => !isAboutKivi(rule))
          .sort((a, b) => instantOf(state, a) - instantOf(state, b))
        for (const rule of behind) {
          const upTo = watermarks.get(rule.indicator ?? '')
          if (upTo === undefined || resting.rests(rule.id)) continue
          const limits: DueLimits = { catchUpMs, most: atOnce(catalog, rule) }
          const { instants, gap, more } = dueInstants(state.progress.get(rule.id), rule, upTo, limits)
          if (instants.length === 0) continue
          if (performance.now() > until) {
            if (more || instants.length > 1) catchingUp.add(rule.id)
            continue
          }
          const read = await evaluate(rule, instants, gap, { source: deps.source, catalog, basis })
          if (read === null) continue
          evaluations.push(read)
          if (more || read.instants.length < instants.length) catchingUp.add(rule.id)
        }
      }
    } catch (error) {
      if (!isStoreAway(error)) throw error
      problem = (error as Error).message
    }
    return { evaluations, catchingUp, silences, watermark, records, problem }
  }

  /** Of a rule by groups the first reading tells how many there are: it is of one instant. */
  function atOnce(catalog: Catalog, rule: AlertRule): number {
    const indicator = catalog.indicators.get(rule.indicator ?? '')
    const known = rule.by.length === 0 ? 1 : groups.get(rule.id)
    if (known === undefined || indicator === undefined) return 1
    return Math.min(MOST_INSTANTS, instantsAtOnce(rule, known * measuresBehind(catalog, indicator).length))
  }

  /** Null where the rule cannot be read; its progress stays where it is. Throws where ClickHouse is away. */
  async function evaluate(
    rule: AlertRule,
    due: readonly number[],
    gap: RuleEvaluation['gap'],
    reader: Parameters<typeof readRule>[2],
  ): Promise<RuleEvaluation | null> {
    const begun = performance.now()
    for (let instants = due; ; instants = instants.slice(0, Math.ceil(instants.length / 2))) {
      try {
        const found = await readRule(rule, instants, reader)
        resting.well(rule.id)
        const most = Math.max(0, ...found.map(({ observations }) => observations.length))
        groups.set(rule.id, most)
        const seconds = (performance.now() - begun) / 1000
        tell.alertsEvaluated({ alert: rule.id, instants: instants.length, groups: most, seconds })
        return { rule, instants: found, gap }
      } catch (error) {
        if (isStoreAway(error)) throw error
        const tooLarge = isKiviError(error, 'question_too_large')
        if (tooLarge && instants.length > 1) continue
        tell.alertFailed({ alert: rule.id, error, pauseMs: resting.failed(rule.id) })
        return null
      }
    }
  }

  async function readSilences(): Promise<SilenceFacts> {
    const at = now()
    const since = heardUntil === null ? at - SAID_WITHIN_MS : heardUntil - OVERLAP_MS
    const [silences, acknowledgements] = await Promise.all([
      deps.silences.silences(since),
      deps.silences.acknowledgements(since),
    ])
    heardUntil = at
    return { silences, acknowledgements }
  }

  async function readRecords(rules: readonly AlertRule[]): Promise<Found['records']> {
    const windows = new Set(
      rules.flatMap(({ condition, windowMs }) => (condition.kind === 'dead_letters' ? windowMs : [])),
    )
    const found = new Map<number, NonNullable<KiviReading['records']>>()
    for (const windowMs of windows) {
      const { records, rejected, tooLate, tooEarly } = await deps.system.ledger(now() - windowMs)
      found.set(windowMs, { all: records, setAside: rejected + tooLate + tooEarly })
    }
    return found
  }
}

const instantOf = (state: AlertState, { id }: AlertRule): number => state.progress.get(id)?.instant ?? -1
