import { expect, it } from 'vitest'
import { PAGES } from '../../location.ts'
import { ROUTES } from './routes.ts'

it('the server answers with the page at just the addresses that the page knows', () => {
  expect(ROUTES.map(route => route.path)).toEqual([...PAGES])
})
