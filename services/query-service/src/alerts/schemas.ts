/** Shapes of what is asked and answered about alerts; packages/domain/src/alerts/types/answers.ts has them as types. */
import { NO_DATA, SEVERITIES } from '@kivi/domain'
import { pageParameters } from '../http/schemas.ts'

const string = { type: 'string' } as const
const words = { type: 'string', minLength: 1, maxLength: 500 } as const
const integer = { type: 'integer' } as const
const nullableNumber = { type: ['number', 'null'] } as const
const nullableString = { type: ['string', 'null'] } as const
const time = { type: 'string', format: 'date-time' } as const
const nullableTime = { type: ['string', 'null'], format: 'date-time' } as const
const labels = { type: 'object', additionalProperties: string } as const
const severity = { type: 'string', enum: SEVERITIES } as const
const list = (items: unknown) => ({ type: 'array', items })
const described = (schema: object, description: string) => ({ ...schema, description })

/** Everything is required but the names in `optional`. */
function object(properties: Record<string, unknown>, optional: readonly string[] = []) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(properties).filter(name => !optional.includes(name)),
    properties,
  }
}

const nullable = (schema: ReturnType<typeof object>) => ({ ...schema, type: ['object', 'null'] })

export const alert = object({
  id: string,
  alert: described(string, 'The rule.'),
  indicator: nullableString,
  state: { type: 'string', enum: ['pending', 'firing', 'resolved'] },
  severity,
  labels,
  annotations: labels,
  since: described(time, 'Since when the condition holds, of a pending one; else when it fired.'),
  ended: nullableTime,
  value: nullableNumber,
  target: nullableNumber,
  unit: nullableString,
  muted: described(
    list(
      object({ by: { type: 'string', enum: ['silence', 'inhibition'] }, id: string, until: time, alert: string }, [
        'id',
        'until',
        'alert',
      ]),
    ),
    'Why nobody is told of it now.',
  ),
  acknowledged: nullable(object({ by: string, at: time, comment: string })),
  receivers: list(object({ name: string, told: { type: 'boolean' }, at: nullableTime })),
})

export const alerts = object({
  items: list(alert),
  next: nullableString,
  counts: object({ firing: integer, pending: integer, silenced: integer }),
  evaluated: described(nullableTime, 'The instant up to which all rules are evaluated.'),
  leader: {
    ...nullable(object({ name: string, since: time, heard: time })),
    description: 'Who took the lead last, and when the log last heard of it.',
  },
  as_of: described(time, 'When all of this was read from the log, to ten seconds.'),
  rules: list(
    object({
      alert: string,
      indicator: nullableString,
      kind: string,
      condition: string,
      window: nullableString,
      by: list(string),
      every: string,
      for: string,
      keep_firing_for: string,
      no_data: { type: 'string', enum: NO_DATA },
      minimum_volume: nullableNumber,
      severity,
      evaluated: nullableTime,
      firing: integer,
      pending: integer,
    }),
  ),
})

const event = object({
  at: time,
  event: string,
  id: nullableString,
  alert: nullableString,
  labels,
  instant: nullableTime,
  value: nullableNumber,
  target: nullableNumber,
  reason: nullableString,
  receiver: nullableString,
  answer: nullableString,
})
export const history = object({ items: list(event), next: nullableString })

export const silence = object({
  id: string,
  matchers: list(string),
  from: time,
  until: time,
  author: string,
  reason: string,
  state: { type: 'string', enum: ['planned', 'active', 'ended'] },
  set_at: time,
  mutes: described(integer, 'How many alerts that fire now it mutes.'),
})
export const silences = object({ items: list(silence), next: nullableString })

export const sentSilence = object(
  {
    id: described(words, 'Of a silence to change; without: a new one.'),
    matchers: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 300 }, minItems: 1, maxItems: 20 },
    from: string,
    until: string,
    duration: string,
    reason: words,
    set_by: words,
  },
  ['id', 'from', 'until', 'duration', 'set_by'],
)
export const sentAcknowledgement = object({ comment: { type: 'string', maxLength: 500 }, set_by: words }, [
  'comment',
  'set_by',
])

const filter = {
  type: 'array',
  items: string,
  maxItems: 20,
  description: 'Only with these labels: `label:value` or `label:value1,value2`; may be repeated.',
}
const lang = described({ type: 'string', enum: ['en', 'zh'] }, 'Language of the annotations; default en.')
const rule = described({ type: 'string', maxLength: 200 }, 'Only of this rule.')

function query(properties: Record<string, unknown>) {
  return object(properties, Object.keys(properties))
}

export const parameters = {
  id: object({ id: described(string, 'Id of the alert: 16 hex digits.') }),
  silenceId: object({ id: described(string, 'Id of the silence.') }),
  none: object({}),
  lang: query({ lang }),
  alerts: query({
    state: described({ type: 'string', enum: ['pending', 'firing', 'resolved'] }, 'Only those in this state.'),
    severity: described(severity, 'Only of this severity.'),
    rule,
    filter,
    lang,
    ...pageParameters,
  }),
  history: query({
    alert: described({ type: 'string', maxLength: 100 }, 'Only of the alert with this id.'),
    rule,
    filter,
    from: described(string, 'Default seven days before `to`.'),
    to: described(string, 'Default now.'),
    ...pageParameters,
  }),
  silences: query({
    state: described({ type: 'string', enum: ['planned', 'active', 'ended'] }, 'Only those in this state.'),
    ...pageParameters,
  }),
}
