import { describe, expect, it } from 'vitest'
import { entityScopeOf } from '../../testing/entity-expressions.ts'
import { ExpressionError } from '../syntax.ts'
import { compileEntityExpression } from './compile.ts'

const SCOPE = entityScopeOf('UTC', { days: [0, 1, 2, 3, 4], from: 9 * 3_600_000, until: 18 * 3_600_000 })

const compile = (source: string) => compileEntityExpression(source, SCOPE)

function refusal(source: string): string {
  try {
    compile(source)
  } catch (error) {
    if (error instanceof ExpressionError)
      return [error.start, error.code, error.message, ...(error.suggestion ? [error.suggestion] : [])].join(' ')
    throw error
  }
  throw new Error(`${source} was not refused`)
}

describe('the type of an expression over entities', () => {
  it.each([
    ['opened - closed', 'duration'],
    ["opened + duration('7d')", 'time'],
    ["duration('7d') + opened", 'time'],
    ["opened - duration('30m')", 'time'],
    ["(closed - opened) / duration('1d')", 'number'],
    ["duration('1d') * 2.5", 'duration'],
    ["2 * duration('1d')", 'duration'],
    ["duration('1d') / 2", 'duration'],
    ["-duration('1d')", 'duration'],
    ['day(opened) + 7', 'number'],
    ['day_start(day(opened) + 7)', 'time'],
    ['month_start(opened)', 'time'],
    ['business_time(opened, closed)', 'duration'],
    ['count(marks)', 'number'],
    ['count(marks, 0, closed)', 'number'],
    ['sum(amounts, opened, closed)', 'number'],
    ['first(topics)', 'text'],
    ['last(people)', 'person'],
    ['first(whens)', 'time'],
    ['last(others)', 'time'],
    ['first_time(marks)', 'time'],
    ['last_time(topics, 0, each_t)', 'time'],
    ['seen', 'number'],
    ['total', 'number'],
    ['topic', 'text'],
    ['owner', 'person'],
    ['person', 'person'],
    ['channel', 'text'],
    ['each_v', 'number'],
    ['has(opened) ? opened : closed', 'time'],
    ["topic == 'a' ? topic : mood", 'text'],
    ['has(marks)', 'boolean'],
    ['owner == helper', 'boolean'],
    ['opened >= 0', 'boolean'],
    ["topic in ['a', 'b'] && !(seen in [1, 2])", 'boolean'],
    ['min(opened, closed, each_t)', 'time'],
    ['known_until', 'time'],
  ])('%s is a %s', (source, type) => {
    expect(compile(source).type).toBe(type)
  })

  it('comes with the fields and names that it reads', () => {
    const { fields, uses } = compile('count(marks, opened, each_t) > each_v && channel != topic && window_end > closed')
    expect(fields).toEqual(['closed', 'marks', 'opened', 'topic'])
    expect(uses).toEqual(['each_k', 'each_t', 'each_v', 'window_end'])
  })
})

describe('a mistake in an expression over entities is told with its place and what to do', () => {
  it.each([
    ['opend > 0', '0 unknown_name thing has no field opend. Did you mean opened?'],
    ['count(mark) > 0', '6 unknown_name thing has no field mark. Did you mean marks?'],
    [
      'marks > 0',
      '0 type_error marks is a list of observations, not one value. Write count(marks), last_time(marks), ….',
    ],
    [
      'count(opened)',
      '6 type_error opened is one value, not a list of observations. Declare a field with agg: list of the same events.',
    ],
    ['count(each_t)', '6 type_error each_t is one value, not a list of observations.'],
    ['count(1)', '6 type_error count takes the name of a list first.'],
    [
      'count(marks, opened)',
      '0 bad_expression count takes a list, or a list and two times. Write count(list) or count(list, from, to).',
    ],
    [
      'count(marks, 1, opened)',
      '13 type_error 1 is a number; a time is needed here. Only 0, before everything, is a number and a time.',
    ],
    ['count(marks, 0, topic)', '16 type_error topic is a text; a time is needed here.'],
    [
      'sum(marks)',
      '4 type_error the observations of marks have no value. Use count(marks), or give the field an expr.',
    ],
    [
      'first(marks)',
      '6 type_error the observations of marks have no value. Use first_time(marks), or give the field an expr.',
    ],
    ['sum(topics)', '4 type_error topics is a list of texts; they have no sum.'],
    ['min(amounts)', '0 bad_expression min takes two values or more. Declare a field with agg: min instead.'],
    ['max(opened, seen)', '12 type_error max compares values of one type, and seen is a number, not a time.'],
    ['max(topic, mood)', '4 type_error topic is a text; max takes numbers, times or durations.'],
    [
      'opened + closed',
      '0 type_error opened is a time and closed a time; they cannot stand on both sides of +. The time between two times is their difference.',
    ],
    [
      'opened + 7',
      "0 type_error opened is a time and 7 a number; they cannot stand on both sides of +. Write a length of time as duration('7d').",
    ],
    ['opened * 2', '0 type_error opened is a time and 2 a number; they cannot stand on both sides of *.'],
    [
      'opened - closed > 7',
      "0 type_error opened - closed is a duration and 7 is a number; they cannot be compared. Write a length of time as duration('7d').",
    ],
    ['opened > topic', '0 type_error opened is a time and topic is a text; they cannot be compared.'],
    ['topic > mood', '0 type_error texts have no order.'],
    ['owner < helper', '0 type_error persons have no order.'],
    ["owner == 'u1'", "0 type_error owner is a person and 'u1' is a text; they cannot be compared."],
    ["'a' == 'b'", '0 type_error two texts in quotes are compared; one of them should be a field.'],
    ['has(opened) == has(closed)', '0 type_error a condition can only be compared with true or false.'],
    ['!opened', '1 type_error opened is a time; a condition is needed here. Ask has(opened), or compare it.'],
    ['topic && has(opened)', "0 type_error topic is a text; a condition is needed here. Compare it: topic == '…'."],
    ['-opened', '1 type_error opened is a time; a number or a duration is needed after -.'],
    ['has(opened) ? opened : 5', '14 type_error opened is a time and 5 is a number; both sides of : are of one type.'],
    ['has(opened) ? true : false', '14 type_error ?: chooses between values, not conditions. Use && and ||.'],
    ["topic in 'a'", "9 type_error after in stands a list. Write in ['a', 'b']."],
    ['topic in []', '9 type_error the list after in is empty: the condition would never hold.'],
    ['topic in [1]', '10 type_error 1 is a number; the list must hold texts in quotes.'],
    ['opened in [1]', '0 type_error opened is a time; before in stands a text or a number.'],
    ["seen in ['a']", "9 type_error 'a' is a text; the list must hold numbers."],
    [
      "duration('7 days')",
      "9 wrong_value '7 days' is no length of time. Write duration('90s'), duration('30m'), duration('24h') or duration('7d').",
    ],
    [
      'duration(7)',
      "9 wrong_value 7 is no length of time. Write duration('90s'), duration('30m'), duration('24h') or duration('7d').",
    ],
    ['day(seen)', '4 type_error seen is a number; a time is needed here.'],
    ['day()', '0 bad_expression day takes one value, not 0. Write day(time).'],
    [
      'business_time(opened)',
      '0 bad_expression business_time takes two values, not 1. Write business_time(time, time).',
    ],
    ['day_start(opened)', '10 type_error opened is a time; day_start takes the number of a day: day(…) + 1.'],
    ['has(has(opened))', '4 type_error has(opened) is a condition; has asks for a value.'],
    ['cout(marks)', '0 bad_expression the dialect has no function cout(). Did you mean count?'],
    [
      'marks.size()',
      '0 bad_expression the dialect has no method or macro size(). It has the functions has, min, max, duration, count, sum, first, last, first_time, last_time, day, day_start, month_start, business_time.',
    ],
    ['opened.day > 0', '0 unknown_name thing has no field opened.day.'],
    ['topic == null', '9 bad_expression the dialect has no null. Ask has(field) whether a value is there.'],
    ['[1]', '0 bad_expression a list in brackets may only stand after in.'],
    ['{}', '0 bad_expression the dialect has no mappings.'],
    ['seen > 99999999999999999999', '7 wrong_value the number is too large to be exact.'],
    ['seen = 1', '5 bad_expression unexpected character: =. Equality is written ==.'],
  ])('%s', (source, told) => {
    expect(refusal(source)).toBe(told)
  })

  it('refuses what would be too large once its conditions are written out', () => {
    const nested = `${'1 / ('.repeat(20)}least${')'.repeat(20)}`
    expect(refusal(nested)).toMatch(/too large/)
  })
})

describe('the SQL of an expression over entities', () => {
  it.each([
    ['opened', 'if(notEmpty(l_opened), l_opened[1].2, nan)'],
    ['closed', 'if(notEmpty(l_closed), l_closed[-1].2, nan)'],
    ['topic', 'l_topic[1].2'],
    ['seen', 'toFloat64(length(l_seen))'],
    ['has(marks) && !has(opened)', '(notEmpty(l_marks) AND (NOT notEmpty(l_opened)))'],
    [
      "count(marks, each_t, each_t + duration('7d')) == 0",
      '(toFloat64(arrayCount(o -> o.1 >= each_t AND o.1 < (each_t + 604800000.), l_marks)) = 0.)',
    ],
  ])('of %s looks at no more than it must', (source, sql) => {
    expect(compile(source).toSql(null)).toBe(sql)
  })

  it.each([
    ['opened', 'if((notEmpty(l_opened) AND l_opened[1].1 < k), l_opened[1].2, nan)'],
    ['topic', "if((notEmpty(l_topic) AND l_topic[1].1 < k), l_topic[1].2, '')"],
    ['count(marks)', 'toFloat64(arrayCount(o -> o.1 < k, l_marks))'],
    ['last_time(marks)', 'arrayPushFront(tupleElement(arrayFilter(o -> o.1 < k, l_marks), 1), nan)[-1]'],
  ])('of %s as of an instant leaves out what came then or later', (source, sql) => {
    expect(compile(source).toSql('k')).toBe(sql)
  })

  it('says once what makes bounds unknown', () => {
    expect(
      compile("count(marks, opened, opened + duration('7d'))")
        .toSql(null)
        .match(/notEmpty/g),
    ).toHaveLength(3)
  })
})
