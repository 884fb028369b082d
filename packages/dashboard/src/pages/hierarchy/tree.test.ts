import { describe, expect, it } from 'vitest'
import { type Branch, forest, type Listed, pathTo } from './tree.ts'

const listed = (id: string, parent: string | null = null) => ({ id, parent }) as Listed
const drawn = (branches: readonly Branch[]): unknown =>
  branches.map(({ item, children, below }) => (below === 0 ? item.id : { [item.id]: drawn(children), below }))

const ITEMS = [listed('a'), listed('b', 'a'), listed('alone'), listed('c', 'b'), listed('d', 'a'), listed('e', 'gone')]

describe('the hierarchy of indicators', () => {
  it('keeps the order of the catalog and counts what stands below', () => {
    expect(drawn(forest(ITEMS))).toEqual([{ a: [{ b: ['c'], below: 1 }, 'd'], below: 3 }, 'e'])
  })

  it('leaves out what stands alone, and keeps a child whose parent is not seen', () => {
    expect(forest([listed('alone')])).toEqual([])
    expect(drawn(forest([listed('e', 'gone')]))).toEqual(['e'])
  })

  it('tells what must be open for an indicator to be seen', () => {
    expect(pathTo(forest(ITEMS), 'c')).toEqual(['a', 'b'])
    expect(pathTo(forest(ITEMS), 'a')).toEqual([])
    expect(pathTo(forest(ITEMS), 'alone')).toBeNull()
  })
})
