import { expect, test } from 'vitest'
import { findWrong, type Heard } from './verify.ts'

const heard = (alertname: string, status: Heard['status'], key: string, startsAt = '10:00'): Heard => ({
  ...{ alertname, status, key, startsAt },
})
const well = [heard('Stalled', 'firing', 'a'), heard('Stalled', 'resolved', 'b')]
const stalled = { alerts: ['Stalled'] }

test('one alert and its end are as it should be, also where a copy of a message came again', () => {
  expect(findWrong(well, stalled)).toEqual([])
  expect(findWrong([well[0]!, well[0]!, well[1]!, well[1]!], stalled)).toEqual([])
  expect(findWrong([...well, well[0]!], stalled)).toEqual([])
  expect(findWrong([], { alerts: [] })).toEqual([])
})

test('what was over before anybody could be told is told as over', () => {
  expect(findWrong([heard('Stalled', 'resolved', 'a')], { alerts: [], perhaps: ['Stalled'] })).toEqual([])
  expect(findWrong([], { alerts: [], perhaps: ['Stalled'] })).toEqual([])
})

test.each<[string, Heard[], string]>([
  ['silence', [], 'nobody was told of Stalled'],
  ['an alert about an indicator', [...well, heard('Low', 'firing', 'c')], 'Low was told, and means nothing'],
  ['an end that is missing', [well[0]!], 'nobody was told that Stalled is over'],
  [
    'a firing under another key',
    [well[0]!, heard('Stalled', 'firing', 'c'), well[1]!],
    'Stalled was told as firing under 2 keys',
  ],
  [
    'an end under another key',
    [...well, heard('Stalled', 'resolved', 'c')],
    'Stalled was told as resolved under 2 keys',
  ],
  [
    'a second one',
    [...well, heard('Stalled', 'firing', 'c', '10:05'), heard('Stalled', 'resolved', 'd', '10:05')],
    'Stalled was told of 2 times',
  ],
  ['a firing after the end', [well[1]!, well[0]!], 'Stalled was told as firing after its end'],
])('it notices %s', (_, told, sentence) => {
  expect(findWrong(told, stalled)).toContain(sentence)
})
