/**
 * Messages as producers send them, of every event type of the test catalog, and unusual ones. `random` gives
 * numbers in [0, 1): the same sequence, the same messages.
 */
export function sampleEvents(random: () => number, count: number): string[] {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!
  const number = (below: number) => Math.floor(random() * below)
  return Array.from({ length: count }, () => {
    const id = Array.from({ length: 4 }, () =>
      number(2 ** 31)
        .toString(16)
        .padStart(8, '0'),
    ).join('-')
    const event: Record<string, unknown> = {
      event_id: id,
      event_type: pick([
        'impression',
        'impression',
        'click',
        'purchase',
        'refund',
        'ticket',
        'survey',
        'login',
        'page_view',
      ]),
      user_id: `u${number(100_000)}`,
      campaign: pick(['cmp-01', 'cmp-02', '夏季-促销', 'été', '']),
      channel: pick(['search', 'social', 'email', 'display']),
    }
    switch (event['event_type']) {
      case 'impression':
        event['target'] = pick(['ad', 'email', 'cta'])
        break
      case 'purchase':
        Object.assign(event, { amount: number(20_000) / 100, quantity: number(5), currency: 'EUR' })
        if (random() < 0.5) event['order_id'] = `o${number(1000)}`
        break
      case 'refund':
        Object.assign(event, { amount: number(20_000) / 100, kind: pick(['return', 'goodwill']) })
        break
      case 'ticket':
        Object.assign(event, {
          ticket_id: `t${number(100)}`,
          action: pick(['opened', 'resolved']),
          automatic: random() < 0.5,
        })
        break
      case 'survey':
        Object.assign(event, { survey: pick(['csat', 'nps']), score: 1 + number(5) })
        break
      default:
        break
    }
    const time = 1_767_225_600_000 + number(7_200_000)
    event['event_time'] = random() < 0.5 ? time : new Date(time).toISOString()
    if (random() < 0.3) event['properties'] = { policy: pick(['a', 'b', '']), 'a.b': `x${number(9)}`, other: 'y' }
    if (random() < 0.3) event['anonymous_id'] = `a${number(1000)}`
    Object.assign(event, {
      page: `/p/sku-${number(1000)}?ref=x`,
      session: `s-${number(1e6)}`,
      v: 1,
      deep: [{ a: null }, 1.5e3],
    })
    return JSON.stringify(event)
  })
}

const WITH = (fields: string) =>
  `{"event_id":"e","event_type":"purchase","event_time":1767225600000,"amount":1,${fields}}`

/** Each of these is decided by one detail. */
export const UNUSUAL_EVENTS: readonly string[] = [
  ...[
    '0',
    '-0',
    '-0.0',
    '01',
    '1.',
    '.5',
    '-',
    '+1',
    '1e2',
    '1E+2',
    '1e400',
    '0.1',
    '179.99',
    '123456789.123456',
    '1.0000000000000001',
  ]
    .concat([
      '999999999999.999',
      '123456789012345',
      '1234567890123456',
      '9007199254740993',
      '1099511627776',
      '1099511627777',
    ])
    .concat(['NaN', 'Infinity', '"1"', 'true', 'null', '[]', '{}', '""', '0x1', '1_0', '00', '-01', '2.50e-1'])
    .flatMap(value => [
      WITH(`"amount":${value}`),
      WITH(`"quantity":${value}`),
      WITH(`"x":${value}`),
      WITH(`"event_time":${value}`),
    ]),
  ...[
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.1Z',
    '2026-01-01T00:00:00.123456789Z',
    '2026-01-01t00:00:00z',
    '2026-01-01 00:00:00Z',
  ]
    .concat([
      '2026-02-29T00:00:00Z',
      '2024-02-29T23:59:59.999+14:00',
      '2100-02-29T00:00:00Z',
      '2000-02-29T00:00:00-00:00',
    ])
    .concat([
      '2016-12-31T23:59:60Z',
      '2016-12-31T23:58:60Z',
      '2026-01-01T24:00:00Z',
      '2026-01-01T00:00:00',
      '2026-01-01',
      '',
    ])
    .concat([
      '1600-12-31T23:59:59Z',
      '1601-01-01T00:00:00Z',
      '0001-01-01T00:00:00Z',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59.9999Z',
    ])
    .concat([
      '0000-01-01T00:00:00+00:01',
      '9999-12-31T23:59:59-00:01',
      '1969-12-31T23:59:59.9999Z',
      '2200-01-01T00:00:00Z',
    ])
    .concat([
      '2026-01-01T00:00:00.Z',
      '2026-01-01T00:00:00+1:00',
      '2026-01-01T00:00:00+24:00',
      '2026-1a-01T00:00:00Z',
      '2026-13-01T00:00:00Z',
    ])
    .concat([
      '2026-01-01T00:00:00+00:60',
      '2026-01-01T00:00:00ZZ',
      '2026-01-01T00:00:0Z',
      '2026-00-01T00:00:00Z',
      '2026-01-00T00:00:00Z',
    ])
    .map(time => WITH(`"event_time":"${time}"`).replace('"event_time":1767225600000,', '')),
  ...[
    '1767225600000',
    '0',
    '-1',
    '1.5',
    '253402300799999',
    '253402300800000',
    '-62167219200000',
    '-62167219200001',
    '1767225600000000',
  ]
    .concat(['1.7672256e12', '1e3', '"1767225600000"', 'true', '[]', 'null', '-0'])
    .map(time => `{"event_id":"e","event_type":"login","event_time":${time}}`),
  ...[
    '{"policy":"p"}',
    '{"policy":1}',
    '{"policy":null}',
    '{"policy":true}',
    '{"policy":{}}',
    '{"policy":"a","policy":"b"}',
    '{ }',
    '{}',
    '[]',
  ]
    .concat([
      '"x"',
      'null',
      '{"a.b":"x","a":"y"}',
      '{"__proto__":"x"}',
      '{"constructor":"x"}',
      '{"policy":"\\u00e9"}',
      '{"policy":"é"}',
      '{"x":1e3}',
    ])
    .concat([
      '{"a":"b",}',
      '{"a"}',
      '{,}',
      '{"a":"b" , "policy" :\t"c"}',
      '{"policy":"x","other":"\\ud800"}',
      '{"\\ud800":"x"}',
      '{"":""}',
    ])
    .flatMap(value => [WITH(`"properties":${value}`), WITH(`"properties":${value},"properties":{"a.b":"z"}`)]),
  WITH('"properties":null,"properties":{"policy":"z"}'),
  WITH('"properties":{"policy":"z"},"properties":null'),
  ...[
    '"é"',
    '"\\u00e9"',
    '"\\ud83d\\ude00"',
    '"😀"',
    '"\\ud800"',
    '"\ud7ff"',
    '"\\/"',
    '"a\tb"',
    '"a\u0000b"',
    '"a\u007fb"',
    '1',
    'null',
    '""',
    '{}',
    'false',
  ].flatMap(value => [
    WITH(`"campaign":${value}`),
    WITH(`"user_id":${value}`),
    WITH(`"order_id":${value}`),
    WITH(`"unknown":${value}`),
  ]),
  ...['impression', 'Impression', '', 'nope', 'é', '__proto__', 'constructor'].map(
    type => `{"event_id":"e","event_type":"${type}","event_time":1}`,
  ),
  ...[
    'csat","score":5',
    'csat","score":6',
    'csat","score":0',
    'nps","score":0',
    'unscaled","score":1',
    'other","score":1',
    'nps","score":1.5',
    'nps"',
  ].map(survey =>
    `{"event_id":"e","event_type":"survey","event_time":1,"survey":"${survey}}`.replace('nps"}', 'nps"}'),
  ),
  '{"event_type":"login","event_time":1}',
  '{"event_id":"","event_type":"login","event_time":1}',
  '{"event_id":7,"event_type":"login","event_time":1}',
  '{"event_id":"e","event_type":7,"event_time":1}',
  '{"event_id":"e","event_type":"login"}',
  '{"event_id":"e","event_type":"ticket","event_time":1,"ticket_id":"t","action":"opened","automatic":"yes"}',
  '{"event_id":"e","event_type":"ticket","event_time":1,"ticket_id":"t","action":"other"}',
  '{"event_id":"e","event_type":"ticket","event_time":1,"ticket_id":"","action":"opened"}',
  '{"event_id":"e","event_type":"login","event_time":1,"amount":"not of this type"}',
  '{"event_id":"a","event_id":"b","event_type":"login","event_time":1}',
  '{"event_id":"e","event_type":"purchase","event_type":"login","event_time":1}',
  '{"event\\u005fid":"e","event_type":"login","event_time":1}',
  '{"__proto__":{"amount":1},"event_id":"e","event_type":"purchase","event_time":1}',
  '{"event_id":"e","event_type":"login","event_time":1,"":1,"constructor":1,"toString":"x"}',
  ' \t\r\n{ "event_id" : "e" , "event_type" : "login" , "event_time" : 1 } \r\n',
  '\ufeff{"event_id":"e","event_type":"login","event_time":1}',
  '{"event_id":"e","event_type":"login","event_time":1}x',
  '{"event_id":"e","event_type":"login","event_time":1}{}',
  '{"event_id":"e","event_type":"login","event_time":1,}',
  '{"event_id":"e","event_type":"login","event_time":1',
  '{"event_id":"e","event_type":"login","event_time":1,"é":1,"日本":"x"}',
  ...[31, 32, 63, 64, 65, 5000].flatMap(depth => [
    WITH(`"x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}`),
    WITH(`"x":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}`),
  ]),
  ...['', '{}', '[]', 'null', '"x"', '1', 'true', '{', '}', ' ', '\ufeff', '<xml/>', 'NaN', '{"a":1}'],
]
