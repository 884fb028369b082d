import { DIGEST_PERIODS } from '@kivi/domain'
import { MOST_GROUPS } from '../definitions/digests/selectors.ts'
import { LEVELS } from '../definitions/indicators.ts'
import { WEEKDAYS } from '../definitions/journey-settings.ts'
import { list, object, oneOf, type Schema, text, texts, where, whole, words } from './basics.ts'

const YES = (description: string): Schema => ({ const: true, description })

const SELECTOR: Schema = {
  anyOf: [
    { type: 'string', description: 'the id of an indicator or a measure' },
    object(
      {
        indicator: text('its id'),
        by: text('the dimension whose groups are told that moved most'),
        top: whole(1, MOST_GROUPS, 'so many of them; default 5'),
      },
      ['indicator'],
    ),
    object({ level: oneOf(LEVELS, 'all of this level') }, ['level']),
    object({ owner: text('all of this owner') }, ['owner']),
    object({ strategy: text('all of this strategy') }, ['strategy']),
    object({ north_star: YES("those that lead at the period's end") }, ['north_star']),
    object({ board: YES('those of the board') }, ['board']),
  ],
}

const DIGEST: Schema = {
  ...object(
    {
      digest: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,63}$', description: 'its id: weekly_growth' },
      title: words('its name'),
      description: words('what it is for'),
      owner: text('who answers for it'),
      every: oneOf(DIGEST_PERIODS, 'a report for each of these, once it is over'),
      at: {
        ...{ type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' },
        description: "local time at which it is due; default '08:00'",
      },
      weekday: oneOf(WEEKDAYS, 'of a week: on which day after its end; default mon'),
      day: whole(1, 28, 'of a month: on which day after its end; default 1'),
      wait: {
        ...{ type: 'string', pattern: '^\\d{1,9}[smhd]$' },
        description: 'so long the data are waited for; then it is sent with what there is; default 6h',
      },
      indicators: list(SELECTOR, 'what is reported, in this order', 1),
      receivers: texts('names of receivers of alerts.yaml; none: it is shown in the dashboard'),
      language: oneOf(['en', 'zh'], "default each receiver's own"),
    },
    ['digest', 'title', 'every', 'indicators'],
  ),
  allOf: (['day', 'week', 'month'] as const).map(every =>
    where(
      { properties: { every: { const: every } }, required: ['every'] },
      [],
      [...(every === 'week' ? [] : ['weekday']), ...(every === 'month' ? [] : ['day'])],
    ),
  ),
}

export const DIGESTS = object({ digests: list(DIGEST, 'periodic reports') })
