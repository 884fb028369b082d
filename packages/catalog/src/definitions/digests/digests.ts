/** The section of digests*.yaml: periodic reports. What they name stands elsewhere in the catalog. */
import {
  type Alerting,
  type Catalog,
  DIGEST_PERIODS,
  type DigestDefinition,
  MOST_DIGEST_INDICATORS,
  selectedIndicators,
} from '@kivi/domain'
import { type Keys, Mapping } from '../../mapping.ts'
import type { Problem } from '../../problems.ts'
import { readSource } from '../../source.ts'
import { didYouMean } from '../../suggest.ts'
import { readLength } from '../alerts/lengths.ts'
import { WEEKDAYS } from '../journey-settings.ts'
import { readText } from '../text.ts'
import { readSelectors } from './selectors.ts'

/** `digests.yaml`, and where one is not enough `digests.shop.yaml`, … */
export const isDigestFile = (name: string): boolean => /^digests(\.[\w-]+)?\.ya?ml$/.test(name)

export const DIGEST_SECTIONS = ['digests'] as const
export const DIGEST_KEYS: Keys = {
  known: [
    ...['digest', 'title', 'description', 'owner', 'every', 'at', 'weekday', 'day', 'wait'],
    ...['indicators', 'receivers', 'language'],
  ],
}

/** Kinds of receivers that a report means nothing to, and why. */
const UNFIT: Readonly<Record<string, string>> = {
  pagerduty: 'it opens incidents and calls people, and a report is none',
  alertmanager: 'it takes alerts only',
}
const ID = /^[a-z][a-z0-9_]{0,63}$/
const HOUR_MS = 3_600_000
const WAIT_MS = 6 * HOUR_MS
/** shorter than the period: the next report is never due before one is sent */
const LONGEST_WAIT_MS = { day: 12 * HOUR_MS, week: 72 * HOUR_MS, month: 168 * HOUR_MS } as const

export interface DigestWorld {
  readonly files: ReadonlyMap<string, string>
  readonly problems: Problem[]
  readonly catalog: Pick<Catalog, 'indicators' | 'northStar'>
  readonly alerting: Alerting
  /** of receivers that could be read, and those that could not */
  readonly receiverNames: ReadonlySet<string>
}

export function readDigests(world: DigestWorld): Map<string, DigestDefinition> {
  const mappings = new Map<string, Mapping>()
  const digests = new Map<string, DigestDefinition>()
  for (const file of [...world.files.keys()].filter(isDigestFile).sort()) {
    const source = readSource(file, world.files.get(file) as string, world.problems)
    // a file of comments only is no mistake
    if (source.root === null) continue
    const root = Mapping.read(source, source.root, file, { known: DIGEST_SECTIONS })
    for (const plain of root?.mappings('digests', 'a digest', null) ?? []) {
      if (!plain.require('digest')) continue
      const id = plain.text('digest')
      const mapping = id === undefined ? undefined : Mapping.read(source, plain.node, `digest ${id}`, DIGEST_KEYS)
      if (id === undefined || mapping === undefined || !isNew(mapping, id, mappings.get(id))) continue
      mappings.set(id, mapping)
      const digest = readDigest(id, mapping, world)
      if (digest !== null) digests.set(id, digest)
    }
  }
  return digests
}

function isNew(mapping: Mapping, id: string, before: Mapping | undefined): boolean {
  const at = mapping.at('digest')
  if (!ID.test(id))
    mapping.source.report(
      at,
      'bad_id',
      `${id} cannot be an id: small letters, digits and _ only, a letter first, at most 64.`,
    )
  if (before === undefined) return true
  const message = `there is another digest ${id} in ${before.source.file}.`
  mapping.source.report(at, 'duplicate_id', message, 'Give one of them another id.')
  return false
}

function readDigest(id: string, mapping: Mapping, world: DigestWorld): DigestDefinition | null {
  if (!mapping.require('title', 'every', 'indicators')) return null
  const title = readText(mapping, 'title')
  const description = readText(mapping, 'description') ?? { en: '' }
  const every = mapping.oneOf('every', DIGEST_PERIODS)
  const owner = mapping.text('owner') ?? null
  const at = readTime(mapping)
  const indicators = readSelectors(mapping, world)
  const receivers = readReceivers(mapping, world)
  const language = mapping.oneOf('language', ['en', 'zh']) ?? null
  if (every === undefined || title === undefined) return null
  const digest = {
    ...{ id, title, description, owner, every, at, indicators, receivers, language },
    ...{ weekday: readWeekday(mapping, every), day: readDay(mapping, every), waitMs: readWait(mapping, every) },
  }
  checkCount(mapping, digest, world)
  return digest
}

/** Minutes after midnight. */
function readTime(mapping: Mapping): number {
  const text = mapping.text('at')
  if (text === undefined) return 8 * 60
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text)
  if (match !== null) return Number(match[1]) * 60 + Number(match[2])
  mapping.source.report(
    mapping.at('at'),
    'wrong_value',
    `at of ${mapping.what} is '${text}', which is no time of day.`,
    "Write '08:00', in quotes, from '00:00' to '23:59'.",
  )
  return 0
}

function readWeekday(mapping: Mapping, every: DigestDefinition['every']): number {
  const weekday = mapping.oneOf('weekday', WEEKDAYS)
  if (mapping.has('weekday')) belongsTo(mapping, 'weekday', every, 'week')
  return weekday === undefined ? 1 : WEEKDAYS.indexOf(weekday) + 1
}

function readDay(mapping: Mapping, every: DigestDefinition['every']): number {
  const day = mapping.number('day')
  if (mapping.has('day')) belongsTo(mapping, 'day', every, 'month')
  if (day === undefined) return 1
  if (Number.isInteger(day) && day >= 1 && day <= 28) return day
  const message = `day of ${mapping.what} is ${day}: not every month has it.`
  mapping.source.report(mapping.at('day'), 'wrong_value', message, 'Write 1 to 28.')
  return 1
}

function belongsTo(mapping: Mapping, key: string, every: string, wanted: string): void {
  if (every === wanted) return
  const message = `${mapping.what} is for every ${every}, and ${key} is of one for every ${wanted}.`
  mapping.source.report(mapping.keyAt(key), 'unknown_key', message, `Leave it out, or write every: ${wanted}.`)
}

function readWait(mapping: Mapping, every: DigestDefinition['every']): number {
  const wait = readLength(mapping, 'wait')
  const longest = LONGEST_WAIT_MS[every]
  if (wait === undefined) return WAIT_MS
  if (wait <= longest) return wait
  mapping.source.report(
    mapping.at('wait'),
    'wrong_value',
    `wait of ${mapping.what} is ${mapping.text('wait')}: a report for every ${every} waits for its data ${longest / HOUR_MS}h at most.`,
    'It is sent with what there is then, and says so.',
  )
  return longest
}

function readReceivers(mapping: Mapping, { alerting, receiverNames }: DigestWorld): string[] {
  return (mapping.texts('receivers') ?? []).flatMap(({ value, node }) => {
    if (!receiverNames.has(value)) {
      const message = `receivers of ${mapping.what}: alerts.yaml has no receiver ${value}.`
      mapping.source.report(node, 'unknown_name', message, didYouMean(value, receiverNames))
      return []
    }
    const kind = alerting.receivers.get(value)?.kind
    const why = kind === undefined ? undefined : UNFIT[kind]
    if (why === undefined) return [value]
    const message = `receivers of ${mapping.what}: ${value} is of type ${kind}: ${why}.`
    mapping.source.report(node, 'wrong_value', message, 'Name a chat, a webhook, a topic or an e-mail.')
    return []
  })
}

/** What leads may change later, so that this can say less than a report finds. */
function checkCount(mapping: Mapping, digest: DigestDefinition, { catalog }: DigestWorld): void {
  if (selectedIndicators(catalog, digest, Number.MAX_SAFE_INTEGER).length < MOST_DIGEST_INDICATORS) return
  mapping.source.report(
    mapping.at('indicators'),
    'wrong_value',
    `${mapping.what} has ${MOST_DIGEST_INDICATORS} indicators or more, which nobody reads.`,
    'Make several digests, each for those who can do something about it.',
  )
}
