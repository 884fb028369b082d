/** Shapes of what is asked and answered about alerts; packages/domain/src/alerts/types/answers.ts has them as types. */
import { NO_DATA, SEVERITIES } from '@kivi/domain'
import * as asked from '../http/parameters.ts'
import {
  boolean,
  described,
  integer,
  labels,
  list,
  listOf,
  nullable,
  nullableNumber,
  nullableString,
  nullableTime,
  object,
  oneOf,
  pageOf,
  query,
  string,
  strings,
  text,
  time,
  words,
} from '../http/shapes.ts'

const severity = oneOf(SEVERITIES)
const alertState = oneOf(['pending', 'firing', 'resolved'])
const silenceState = oneOf(['planned', 'active', 'ended'])

export const alert = object({
  id: string,
  alert: described(string, 'The rule.'),
  indicator: nullableString,
  state: alertState,
  severity,
  labels,
  annotations: labels,
  since: described(time, 'Since when the condition holds, of a pending one; else when it fired.'),
  ended: nullableTime,
  fires_at: described(nullableTime, 'Of a pending one: when it fires if its condition goes on to hold.'),
  value: described(nullableNumber, 'When the condition began to hold, of a pending one; else when it fired or ended.'),
  target: nullableNumber,
  threshold: described(nullableNumber, 'What the value was compared with; null: with nothing, or not alone.'),
  unit: nullableString,
  muted: described(
    list(
      object({ by: oneOf(['silence', 'inhibition']), id: string, until: time, alert: string }, [
        'id',
        'until',
        'alert',
      ]),
    ),
    'Why nobody is told of it now.',
  ),
  acknowledged: nullable(object({ by: string, at: time, comment: string })),
  receivers: list(object({ name: string, told: boolean, at: nullableTime })),
})

export const alerts = object({
  items: list(alert),
  next: nullableString,
  counts: object({ firing: integer, pending: integer, silenced: integer }),
  evaluated: described(nullableTime, 'The instant up to which all rules are evaluated.'),
  leader: described(
    nullable(object({ name: string, since: time, heard: time })),
    'Who took the lead last, and when the log last heard of it.',
  ),
  as_of: described(time, 'When all of this was read from the log, to ten seconds.'),
  rules: list(
    object({
      alert: string,
      indicator: nullableString,
      kind: string,
      condition: described(text, 'What it waits for: an expression as the catalog has it, else in words.'),
      window: nullableString,
      by: strings,
      every: string,
      for: string,
      keep_firing_for: string,
      no_data: oneOf(NO_DATA),
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
export const history = pageOf(event)

export const silence = object({
  id: string,
  matchers: strings,
  from: time,
  until: time,
  author: string,
  reason: string,
  state: silenceState,
  set_at: time,
  mutes: described(integer, 'How many alerts that fire now it mutes.'),
})
export const silences = pageOf(silence)

export const sentSilence = object(
  {
    id: described(words, 'Of a silence to change; without: a new one.'),
    matchers: listOf({ ...words, maxLength: 300 }, 20, 1),
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

const labelled = asked.filters('Only with these labels: `label:value` or `label:value1,value2`; may be repeated.')
const lang = described(oneOf(['en', 'zh']), 'Language of the annotations; default en.')
const rule = described({ ...string, maxLength: 200 }, 'Only of this rule.')

export const parameters = {
  id: object({ id: described(string, 'Id of the alert: 16 hex digits.') }),
  silenceId: object({ id: described(string, 'Id of the silence.') }),
  lang: query({ lang }),
  alerts: query({
    state: described(alertState, 'Only those in this state.'),
    severity: described(severity, 'Only of this severity.'),
    rule,
    ...labelled,
    lang,
    ...asked.page,
  }),
  history: query({
    alert: described({ ...string, maxLength: 100 }, 'Only of the alert with this id.'),
    rule,
    ...labelled,
    from: described(string, 'Default seven days before `to`.'),
    to: described(string, 'Default now.'),
    ...asked.page,
  }),
  silences: query({ state: described(silenceState, 'Only those in this state.'), ...asked.page }),
}
