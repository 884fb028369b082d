/**
 * What goes wrong in a shop, as a change of its events: pure, so that the same seed puts in the same faults. Which
 * events a fault takes is drawn by their ids.
 */
import type { DemoEvent } from '../../../services/standalone/src/demo/event.ts'
import { mix, type Random } from '../../../services/standalone/src/demo/random.ts'
import { CAMPAIGNS, REGIONS } from '../../../services/standalone/src/demo/world.ts'

/** What it makes of an event: nothing, itself, another one, several. */
type Change = (event: DemoEvent, share: (name: string) => number) => readonly DemoEvent[]

export interface FaultKind {
  readonly name: string
  /** for people */
  readonly what: string
  /** any of these rules tells people of it, with these labels */
  readonly found: (subject: string) => ReadonlyArray<{ readonly rule: string; readonly labels?: Labels }>
  /** what it hits, of which one is drawn */
  readonly subjects?: readonly string[]
  readonly change?: (subject: string) => Change
  /** the data stand still for as long as it lasts */
  readonly stalls?: true
  /** default hours; what is asked of few people shows in days, what creeps in weeks */
  readonly lasts?: keyof typeof HOURS | 'weeks'
}

type Labels = Readonly<Record<string, string>>

export interface Fault {
  readonly kind: FaultKind
  readonly subject: string
  readonly from: number
  readonly to: number
  readonly seed: number
}

/** The least, and how much more it may be. */
const HOURS = { minutes: [0.5, 1], hours: [10, 12], days: [72, 24] } as const
const NOTHING: readonly DemoEvent[] = []
const campaigns = CAMPAIGNS.map(({ name }) => name)

const drop =
  (hits: (event: DemoEvent) => boolean, part: number, by: string = 'event_id'): Change =>
  (event, share) =>
    hits(event) && share(String(event[by] ?? event.event_id)) < part ? NOTHING : [event]

/** Copies with ids of their own, `more` of each on average. */
const multiply =
  (
    hits: (event: DemoEvent) => boolean,
    more: number,
    other: (event: DemoEvent, copy: string) => object = () => ({}),
  ): Change =>
  (event, share) => {
    if (!hits(event)) return [event]
    const copies = Math.floor(more + share(event.event_id))
    return [
      event,
      ...Array.from({ length: copies }, (_, i): DemoEvent => {
        const copy = `f${i}`
        return { ...event, event_id: `${event.event_id}-${copy}`, ...other(event, copy) }
      }),
    ]
  }

const is =
  (type: string, fields: Readonly<Record<string, unknown>> = {}) =>
  (event: DemoEvent): boolean =>
    event.event_type === type && Object.entries(fields).every(([name, value]) => event[name] === value)
const either =
  (...hits: ReadonlyArray<(event: DemoEvent) => boolean>) =>
  (event: DemoEvent): boolean =>
    hits.some(hit => hit(event))

const ORDERING = either(is('purchase'), is('checkout', { action: 'completed' }))
const VISIT = ['page_view', 'search', 'cart', 'checkout', 'purchase', 'signup', 'login', 'feature_use']
const ofVisit = (event: DemoEvent): boolean => VISIT.includes(event.event_type)
const opened = is('ticket', { action: 'opened' })
/** a ticket is known by its id: a copy of one has another */
const anotherTicket = (event: DemoEvent, copy: string) => ({ ticket_id: `${String(event['ticket_id'])}-${copy}` })
const scaled =
  (factor: number): Change =>
  event =>
    event.event_type === 'purchase'
      ? [{ ...event, amount: Math.round(Number(event['amount']) * factor * 100) / 100 }]
      : [event]
const only = (rule: string, label?: string) => (subject: string) => [
  { rule, ...(label === undefined ? {} : { labels: { [label]: subject } }) },
]

export const FAULTS: readonly FaultKind[] = [
  {
    name: 'clicks halve',
    what: 'a campaign is clicked half as often',
    subjects: campaigns,
    found: only('CtrDropped', 'campaign'),
    // nobody looks at a campaign every day; of a small one it shows by then only
    lasts: 'days',
    change: subject => drop(is('click', { campaign: subject, target: 'ad' }), 0.5),
  },
  {
    name: 'dead link',
    what: 'the clicks of a campaign are lost',
    subjects: campaigns,
    found: only('CtrDropped', 'campaign'),
    change: subject => drop(is('click', { campaign: subject, target: 'ad' }), 1),
  },
  {
    name: 'campaign off',
    what: 'a campaign is not shown any more',
    subjects: campaigns,
    found: only('CampaignSilent', 'campaign'),
    change: subject => drop(event => event['campaign'] === subject && event['target'] === 'ad', 1),
  },
  {
    name: 'budget runs away',
    what: 'a campaign costs three times as much',
    subjects: campaigns,
    found: only('AdSpendRose', 'campaign'),
    change: subject => event =>
      event['kind'] === 'ad_spend' && event['campaign'] === subject
        ? [{ ...event, amount: 3 * Number(event['amount']) }]
        : [event],
  },
  {
    name: 'no orders',
    what: 'nobody can buy',
    found: only('PurchasesDropped'),
    change: () => drop(ORDERING, 1),
  },
  {
    name: 'half the orders',
    what: 'every second order fails',
    found: only('PurchasesDropped'),
    change: () => drop(ORDERING, 0.5, 'session_id'),
  },
  {
    name: 'payment refused',
    what: 'of three payments two are refused, and some of these people write',
    found: () => [{ rule: 'PurchasesDropped' }, { rule: 'TicketsRose' }],
    change: () => (event, share) => {
      if (!ORDERING(event) || share(String(event['session_id'])) >= 0.67) return [event]
      if (event.event_type !== 'checkout' || share(`${event.event_id} writes`) >= 0.2) return NOTHING
      const { user_id, anonymous_id } = event
      return [
        {
          ...{ event_id: `${event.event_id}-f`, event_type: 'ticket', event_time: event.event_time, source: 'demo' },
          ...{
            user_id,
            anonymous_id,
            ticket_id: `t-${event.event_id}`,
            action: 'opened',
            topic: 'payment',
            kind: 'complaint',
          },
        },
      ]
    },
  },
  {
    name: 'checkout broken',
    what: 'on the web the checkout does not open',
    found: only('PurchasesDropped'),
    change: () =>
      drop(event => event['channel'] === 'web' && (event.event_type === 'checkout' || is('purchase')(event)), 1),
  },
  {
    name: 'tickets double',
    what: 'twice as many people write to customer care',
    found: only('TicketsRose'),
    change: () => multiply(opened, 1, anotherTicket),
  },
  {
    name: 'deliveries late',
    what: 'people ask where their parcel is, and some get money back',
    found: () => [{ rule: 'TicketsRose' }, { rule: 'RefundsRose' }],
    change: () => (event, share) => [
      ...multiply(opened, 1.5, (one, copy) => ({ ...anotherTicket(one, copy), topic: 'delivery' }))(event, share),
      ...multiply(is('refund'), 2)(event, share).slice(1),
    ],
  },
  {
    name: 'a channel dies',
    what: 'one of app and web is down',
    subjects: ['app', 'web'],
    found: subject => [{ rule: 'TrafficUnusual', labels: { channel: subject } }, { rule: 'PurchasesDropped' }],
    change: subject => drop(event => ofVisit(event) && event['channel'] === subject, 1),
  },
  {
    name: 'a region vanishes',
    what: 'nobody of a region gets through',
    subjects: REGIONS.map(([name]) => name),
    found: only('RegionDropped', 'region'),
    change: subject => drop(event => ofVisit(event) && event['region'] === subject, 1),
  },
  {
    name: 'bots',
    what: 'a crawler that says nothing of itself reads pages',
    subjects: ['app', 'web'],
    found: only('TrafficUnusual', 'channel'),
    change: subject => multiply(is('page_view', { channel: subject }), 2),
  },
  {
    name: 'counted twice',
    what: 'a tag is on the page twice, and each page view is sent twice',
    found: only('TrafficUnusual'),
    change: () => multiply(is('page_view'), 1),
  },
  {
    name: 'page views lost',
    what: 'an event type does not come any more',
    found: only('TrafficUnusual'),
    change: () => drop(is('page_view'), 1),
  },
  {
    name: 'prices too high',
    what: 'amounts are ten times what they should be',
    found: only('OrderValueUnusual'),
    change: () => scaled(10),
  },
  {
    name: 'prices too low',
    what: 'amounts are a tenth of what they should be',
    found: only('OrderValueUnusual'),
    change: () => scaled(0.1),
  },
  {
    name: 'refunds jump',
    what: 'five times as much is given back',
    found: only('RefundsRose'),
    change: () => multiply(is('refund'), 4),
  },
  {
    name: 'satisfaction falls',
    what: 'most of those who were content are not any more',
    found: only('CsatDropped'),
    lasts: 'days',
    change: () => (event, share) =>
      is('survey', { survey: 'csat' })(event) && Number(event['score']) >= 4 && share(event.event_id) < 0.6
        ? [{ ...event, score: 2 }]
        : [event],
  },
  {
    name: 'no sign-ups',
    what: 'the form for signing up is broken',
    found: only('SignupsDropped'),
    change: () => drop(is('signup'), 1),
  },
  {
    name: 'collector down',
    what: 'nothing comes at all',
    found: only('NoEvents'),
    change: () => drop(() => true, 1),
  },
  {
    name: 'dead letters',
    what: 'a new version of the site sends a tenth of all events without a type',
    found: only('DeadLetters'),
    change: () => (event, share) => (share(event.event_id) < 0.1 ? [{ ...event, event_type: '' }] : [event]),
  },
  {
    name: 'pipeline stalled',
    what: 'the ingest-worker stands still',
    found: only('PipelineStalled'),
    stalls: true,
    lasts: 'minutes',
  },
  {
    name: 'orders drift away',
    what: 'each day the shop sells 3 % less than it would have',
    found: () => [{ rule: 'PurchasesDropped' }, { rule: 'RevenueBehindPlan' }],
    lasts: 'weeks',
  },
  {
    name: 'behind the plan',
    what: 'a quarter of the orders stays away',
    found: only('RevenueBehindPlan'),
    lasts: 'weeks',
    change: () => drop(ORDERING, 0.25, 'session_id'),
  },
]

const MINUTE = 60_000
const DAY = 86_400_000
/** 3 % less each day */
const DRIFT_PER_MS = 0.03 / DAY

/** The shop with these faults. An event of several goes through one after the other. */
export function withFaults(faults: readonly Fault[]): (events: readonly DemoEvent[]) => DemoEvent[] {
  return events =>
    events.flatMap(event =>
      changed(
        event,
        faults.filter(({ from, to }) => event.event_time >= from && event.event_time < to),
      ),
    )
}

function changed(event: DemoEvent, faults: readonly Fault[]): readonly DemoEvent[] {
  let events: readonly DemoEvent[] = [event]
  for (const { kind, subject, seed, from } of faults) {
    const drifting = (1 - DRIFT_PER_MS) ** (event.event_time - from)
    const change = kind.change?.(subject) ?? (kind.stalls ? null : drop(ORDERING, 1 - drifting, 'session_id'))
    const share = (name: string): number => mix(seed, ...textOf(name)) / 4_294_967_296
    if (change !== null) events = events.flatMap(one => change(one, share))
  }
  return events
}

function textOf(name: string): number[] {
  const parts: number[] = []
  for (let i = 0; i < name.length; i += 2) parts.push(name.charCodeAt(i) * 65_536 + (name.charCodeAt(i + 1) || 0))
  return parts
}

/**
 * Draws when each fault of hours begins, what it hits and how long it lasts: one in each of as many equal parts of the
 * time, in an order that is drawn too, so that two that the same rule finds do not follow each other.
 */
export function drawShort(random: Random, from: number, to: number): Fault[] {
  const kinds = FAULTS.filter(({ lasts }) => lasts !== 'weeks')
  const slot = (to - from) / kinds.length
  return orderOf(random, kinds).map((kind, i) => {
    const [least, more] = HOURS[kind.lasts === undefined || kind.lasts === 'weeks' ? 'hours' : kind.lasts]
    return drawFault(random, kind, from + i * slot + random.next() * slot * 0.25, least + random.next() * more)
  })
}

/** Faults of weeks, each of a month of its own, begun within its first days. */
export function drawLong(random: Random, from: number): Fault[] {
  return FAULTS.filter(({ lasts }) => lasts === 'weeks').map(kind =>
    drawFault(random, kind, from + random.next() * 3 * DAY, 24 * (22 + random.next() * 4)),
  )
}

function drawFault(random: Random, kind: FaultKind, begins: number, hours: number): Fault {
  return {
    kind,
    subject: kind.subjects === undefined ? '' : random.pick(kind.subjects),
    from: Math.floor(begins / MINUTE) * MINUTE,
    to: Math.floor((begins + hours * 60 * MINUTE) / MINUTE) * MINUTE,
    seed: random.below(2 ** 31),
  }
}

function orderOf(random: Random, kinds: readonly FaultKind[]): FaultKind[] {
  const rulesOf = ({ found, subjects }: FaultKind) => found(subjects?.[0] ?? '').map(({ rule }) => rule)
  for (;;) {
    const order = [...kinds]
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.below(i + 1)
      ;[order[i], order[j]] = [order[j] as FaultKind, order[i] as FaultKind]
    }
    const clash = order.some(
      (kind, i) =>
        // four parts of the time are five days; what is found in days needs them
        (kind.lasts === 'days' && i > order.length - 4) ||
        order
          .slice(i + 1, i + 1 + (kind.lasts === 'days' ? 4 : 1))
          .some(next => rulesOf(next).some(rule => rulesOf(kind).includes(rule))),
    )
    if (!clash) return order
  }
}
