import { expect, test } from 'vitest'
import type { Board, BoardItem } from '../../api/board.ts'
import { gridFor, pagesAsked, slidesOf, stayMs } from './slides.ts'

const GRID = { columns: 3, rows: 2 }
const item = (id: string, status: BoardItem['status'] = 'on_track') => ({ id, status }) as BoardItem
const board = (indicators: readonly BoardItem[], north_star: readonly string[] = []) =>
  ({ indicators, north_star }) as unknown as Board
const ids = (slides: ReturnType<typeof slidesOf>) =>
  slides.map(slide => (slide.kind === 'page' ? slide.path : [slide.kind, ...slide.items.map(one => one.id)].join(' ')))

test('first what leads, then what is off track, then all the rest, then the pages asked for', () => {
  const all = board([item('a'), item('star'), item('bad', 'off_track')], ['star'])
  expect(ids(slidesOf(all, GRID, ['/hierarchy']))).toEqual([
    'north_star star',
    'off_track bad',
    'board a bad',
    '/hierarchy',
  ])
})

test('parts of the board are as even as can be, and hold everything', () => {
  const slides = slidesOf(board(Array.from({ length: 13 }, (_, index) => item(`i${index}`))), GRID, [])
  expect(slides.map(slide => slide.kind === 'board' && [slide.items.length, ...slide.part])).toEqual([
    [5, 1, 3],
    [5, 2, 3],
    [3, 3, 3],
  ])
})

test('nothing is known, or nothing is on the board: only the pages', () => {
  expect(slidesOf(null, GRID, [])).toEqual([])
  expect(ids(slidesOf(board([]), GRID, ['/system']))).toEqual(['/system'])
})

test.each([
  [1920, 1080, 6],
  [3840, 1080, 8],
  [1080, 1920, 8],
  [390, 844, 4],
])('a screen of %i × %i takes %i cards', (width, height, cards) => {
  const { columns, rows } = gridFor(width, height)
  expect(columns * rows).toBe(cards)
})

test.each([
  [null, 20],
  ['45', 45],
  ['0.1', 3],
  ['1e9', 3600],
  ['-5', 20],
  ['often', 20],
])('every=%s is %i s', (asked, seconds) => expect(stayMs(asked)).toBe(seconds * 1000))

test('only addresses of this Kivi are pages, and the board is there anyway', () => {
  expect(pagesAsked('/hierarchy,/,//elsewhere.example,https://elsewhere.example,/alerts')).toEqual([
    '/hierarchy',
    '/alerts',
  ])
  expect(pagesAsked(null)).toEqual([])
})
