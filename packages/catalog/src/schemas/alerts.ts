import { NO_DATA, RECEIVER_KINDS, SEVERITIES } from '@kivi/domain'
import { BASELINES, CONDITION_KEYS, DIRECTIONS } from '../definitions/alerts/conditions.ts'
import { RECEIVER_KEYS, RECEIVER_KEYS_OF_ALL, TLS } from '../definitions/alerts/receivers.ts'
import { MONTHS } from '../definitions/alerts/time-intervals.ts'
import { WEEKDAYS } from '../definitions/journey-settings.ts'
import { PERIODS } from '../definitions/targets.ts'
import {
  atLeast,
  byId,
  flag,
  list,
  mapOf,
  number,
  object,
  oneOf,
  type Schema,
  someTexts,
  text,
  texts,
  where,
  whole,
  words,
} from './basics.ts'

const LENGTH = (description: string): Schema => ({ type: 'string', pattern: '^\\d{1,9}[smhd]$', description })
const MATCHERS = texts('such as team="growth", severity!="info", region=~"eu-.*"')

const RULE: Schema = {
  ...object(
    {
      alert: { type: 'string', pattern: '^[A-Za-z]\\w{0,63}$', description: 'its name: CtrLow' },
      formerly: texts('names that it had: what is known of them goes over to it'),
      indicator: text('what is watched'),
      by: texts('dimensions: an alert for each group'),
      filter: mapOf(someTexts('values'), 'only these'),
      window: LENGTH("of the value, up to each instant; default the indicator's"),
      condition: text('it fires while this holds: value < 0.8 * target'),
      recovery: text('while it fires, only this is an end: value >= 0.9 * target'),
      certain: flag('it has to hold for the whole 95 % interval of the value; default true'),
      anomaly: object({
        baseline: oneOf(BASELINES, 'the same hour of other weeks, or the windows right before; default weekly'),
        history: whole(4, 200, 'weeks or windows that are looked back at'),
        score: number('beyond so many robust standard deviations; default 4.5'),
        recovery: number('it is over below this score; default the same'),
        direction: oneOf(DIRECTIONS, 'which way; default any'),
      }),
      absent: LENGTH('nothing came in the window, and something did within this time before'),
      pace: object(
        {
          per: oneOf(PERIODS, 'the period of the target'),
          after: number('not before this share of it is over; default 0.2'),
          tolerance: number('the share of the target that may be missing; default 0.05'),
        },
        ['per'],
      ),
      stalled: LENGTH('the data are further behind the clock than that'),
      dead_letters: number('the share of records that could not be understood'),
      undelivered: LENGTH('a receiver has taken nothing for so long'),
      every: LENGTH('how often it is evaluated; a multiple of 10s'),
      for: LENGTH('it has to hold for so long first'),
      keep_firing_for: LENGTH('it fires on for so long'),
      no_data: oneOf(NO_DATA, 'what no data mean; default keep'),
      minimum_volume: atLeast(0, "nothing is concluded from less; default the indicator's"),
      labels: {
        type: 'object',
        description: 'for routes and people; severity: page, ticket or info',
        properties: { severity: oneOf(SEVERITIES, 'default ticket') },
        additionalProperties: { type: 'string' },
      },
      annotations: mapOf(words('a text with {{value}}, {{target}}, {{campaign}}, …'), 'what people are told'),
    },
    ['alert'],
  ),
  oneOf: CONDITION_KEYS.map(key => ({ required: [key] })),
}

const SECRET = object({ env: text('a variable of the environment'), file: text('a file that holds it') })

const RECEIVER: Schema = {
  ...object(
    {
      type: oneOf(RECEIVER_KINDS, 'how it is told'),
      language: oneOf(['en', 'zh'], 'default en'),
      send_resolved: flag('whether ends are told; default true'),
      timeout: LENGTH('how long an answer is waited for, at most 10s'),
      url: { description: 'where to; secret for chats', anyOf: [{ type: 'string' }, SECRET] },
      secret: { ...SECRET, description: 'the key of signatures' },
      headers: mapOf({ anyOf: [{ type: 'string' }, SECRET] }, 'further ones'),
      channel: text('another channel than the address has'),
      mentions: texts('who is called by name'),
      host: text('of the mail server'),
      port: whole(1, 65535, 'default 587, with tls: required 465'),
      tls: oneOf(TLS, 'default starttls'),
      username: text('where one is asked for'),
      password: SECRET,
      from: text('the sender'),
      to: someTexts('addresses'),
      routing_key: { ...SECRET, description: 'of the integration' },
      topic: text('a Kafka topic'),
      urls: someTexts('of all members of the cluster'),
    },
    ['type'],
  ),
  allOf: RECEIVER_KINDS.map(kind => {
    const { required, optional } = RECEIVER_KEYS[kind]
    const own: readonly string[] = [...required, ...optional, 'type', 'language', 'send_resolved', 'timeout']
    return where(
      { properties: { type: { const: kind } }, required: ['type'] },
      required,
      RECEIVER_KEYS_OF_ALL.known.filter(key => !own.includes(key)),
    )
  }),
}

const ROUTE_PROPERTIES = {
  name: text('for people'),
  match: MATCHERS,
  receiver: text('who is told'),
  group_by: texts('labels that make a group; ...: all'),
  group_wait: LENGTH('a new group waits for more of it; default 30s'),
  group_interval: LENGTH('between two messages with news of a group; default 5m'),
  repeat_interval: LENGTH('between two messages without news; default 4h'),
  active_in: texts('told only in these time intervals'),
  muted_in: texts('not told in these time intervals'),
  escalate: list(
    object({ after: LENGTH('nobody acknowledged for so long'), receiver: text('who is told then') }, [
      'after',
      'receiver',
    ]),
    'who is told while nobody acknowledges',
  ),
  continue: flag('the routes after it are asked too'),
}

const ROUTE: Schema = object({
  ...ROUTE_PROPERTIES,
  routes: {
    type: 'array',
    description: 'the first that matches takes an alert',
    items: { $ref: '#/$defs/route' },
  },
})

const CLOCK = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$' }

const INTERVAL: Schema = object(
  {
    timezone: text("default the catalog's"),
    any: list(
      object({
        times: list(
          object({ from: { ...CLOCK, description: 'HH:MM' }, until: { ...CLOCK, description: 'HH:MM' } }),
          'of the day',
        ),
        weekdays: { type: 'array', items: oneOf(WEEKDAYS, 'a weekday') },
        days: list(
          object({ from: whole(-31, 31, 'of the month, -1 the last'), until: whole(-31, 31, 'default the same') }, [
            'from',
          ]),
          'of the month',
        ),
        months: { type: 'array', items: oneOf(MONTHS, 'a month') },
        dates: texts('only on these'),
        dates_file: text('only on those of a file in calendars/'),
        except: texts('not on these'),
        except_file: text('not on those of a file in calendars/'),
      }),
      'it holds where all of one part holds',
      1,
    ),
  },
  ['any'],
)

const INHIBITION: Schema = object(
  {
    source: MATCHERS,
    target: MATCHERS,
    equal: texts('labels that both have alike'),
    pending: flag('also while the source is pending'),
    linger: LENGTH('how long it holds on, of windows that reach back to it; default 1h'),
  },
  ['source', 'target'],
)

export const ALERTING = {
  ...object({
    alerts: list(RULE, 'when people are told'),
    receivers: byId(RECEIVER, 'who can be told'),
    route: { ...(ROUTE as object), description: 'who is told of what' },
    time_intervals: byId(INTERVAL, 'named times'),
    inhibit: list(INHIBITION, 'what is not told because another alert says why'),
  }),
  $defs: { route: ROUTE },
}
