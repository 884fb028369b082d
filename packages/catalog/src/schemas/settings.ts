import { WEEKDAYS } from '../definitions/journey-settings.ts'
import { byId, date, list, number, object, oneOf, someTexts, text, texts } from './basics.ts'

const NORTH_STAR = object(
  { indicators: someTexts('which lead'), from: date('since when'), reason: text('why'), set_by: text('by whom') },
  ['indicators', 'from', 'reason'],
)

const CLOCK = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$' }

export const SETTINGS = object(
  {
    timezone: text('IANA name, e.g. Asia/Shanghai'),
    currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217' },
    fiscal_year_start: { type: 'string', pattern: '^\\d{2}-\\d{2}$', description: 'MM-DD' },
    surveys: {
      type: 'object',
      additionalProperties: object({ min: number('lowest score'), max: number('highest score') }, ['min', 'max']),
    },
    board: texts('indicators of the board, in order'),
    north_star: list(NORTH_STAR, 'which indicators lead, since when'),
    identity: object({ link: texts("event types that link an anonymous_id to a user_id, or '*' for all") }, ['link']),
    active: object({
      events: texts('event types that make a person active'),
      also: list(
        object({ event: someTexts('event types'), filter: text('a condition over them') }, ['event']),
        'further ones, where a condition holds',
      ),
    }),
    invalid_traffic: byId(text('a condition over fields that every event has'), "what makes an event nobody's doing"),
    business_hours: object({
      days: { type: 'array', items: oneOf(WEEKDAYS, 'a weekday') },
      from: { ...CLOCK, description: 'HH:MM' },
      until: { ...CLOCK, description: 'HH:MM' },
    }),
  },
  ['timezone', 'currency'],
)
