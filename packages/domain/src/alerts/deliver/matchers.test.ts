import { describe, expect, it } from 'vitest'
import { formatMatcher, matchesAll, parseMatcher } from './matchers.ts'

describe('a matcher', () => {
  it.each([
    ['team="growth"', { label: 'team', op: '=', value: 'growth' }],
    ['team = growth', { label: 'team', op: '=', value: 'growth' }],
    ['severity!="info"', { label: 'severity', op: '!=', value: 'info' }],
    ['region=~"eu-.*"', { label: 'region', op: '=~', value: 'eu-.*' }],
    ['properties.policy!~a|b', { label: 'properties.policy', op: '!~', value: 'a|b' }],
    ['name="say \\"so\\""', { label: 'name', op: '=', value: 'say "so"' }],
    ['indicator!=""', { label: 'indicator', op: '!=', value: '' }],
    ['team=', { label: 'team', op: '=', value: '' }],
  ])('%s is read, and written so that it is read again', (text, matcher) => {
    expect(parseMatcher(text)).toEqual(matcher)
    expect(parseMatcher(formatMatcher(parseMatcher(text)!))).toEqual(matcher)
  })

  it.each(['team', '="x"', 'a=~"("', 'a="x" b="y"', '1a="x"', 'a>5'])('%s is none', text => {
    expect(parseMatcher(text)).toBeNull()
  })

  it.each([
    ['a="x"', { a: 'x' }, true],
    ['a="x"', { a: 'xy' }, false],
    ['a!="x"', {}, true],
    ['a=""', {}, true],
    // a regular expression is of the whole value
    ['a=~"x"', { a: 'xy' }, false],
    ['a=~"x|xy"', { a: 'xy' }, true],
    ['a!~"x.*"', { a: 'xy' }, false],
    ['a=~".+"', {}, false],
  ])('%s of %o: %s', (text, labels, matches) => {
    expect(matchesAll([parseMatcher(text)!], labels as Record<string, string>)).toBe(matches)
  })
})
