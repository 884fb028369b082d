import { LEVEL, mergeRows, OUTCOME, type SliceRow } from '@kivi/domain'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, foldQuickly, foldSlowly, measures, quickShop, shopEvent, ZONES } from './shop.ts'

const events = fc.array(shopEvent, { maxLength: 60 })
const zone = fc.constantFrom(...ZONES)

describe('the quick fold', () => {
  it('gives the slices of the plain one', () => {
    fc.assert(
      fc.property(events, zone, (given, where) => {
        expect(canonical(foldQuickly(given, where))).toEqual(canonical(foldSlowly(given, where)))
      }),
      { numRuns: 500 },
    )
  })

  it('gives no cell twice, no event-less cell and no value twice in a set', () => {
    fc.assert(
      fc.property(events, given => {
        const rows = foldQuickly(given)
        expect(mergeRows(rows)).toHaveLength(rows.length)
        for (const row of rows) {
          expect(row.count).toBeGreaterThan(0)
          expect(new Set(row.distinct).size).toBe(row.distinct.length)
        }
      }),
    )
  })

  it('merges to the same cells however the events are split into batches', () => {
    fc.assert(
      fc.property(events, fc.array(fc.nat(60), { maxLength: 5 }), zone, (given, cuts, where) => {
        const shop = quickShop(where)
        const parts: SliceRow[] = []
        let from = 0
        for (const cut of [...cuts.sort((a, b) => a - b), given.length]) {
          const to = Math.min(Math.max(cut, from), given.length)
          shop.add(given.slice(from, to))
          parts.push(...shop.take())
          for (const dictionary of shop.dictionaries) dictionary.reset()
          from = to
        }
        expect(canonical(mergeRows(parts))).toEqual(canonical(foldQuickly(given, where)))
      }),
      { numRuns: 300 },
    )
  })

  it('does not depend on the order of events, nor on how they arrive within a batch', () => {
    fc.assert(
      fc.property(
        events.chain(given =>
          fc.record({
            given: fc.constant(given),
            shuffled: fc.shuffledSubarray(given, { minLength: given.length }),
            cut: fc.nat(60),
          }),
        ),
        ({ given, shuffled, cut }) => {
          const shop = quickShop()
          shop.add(shuffled.slice(0, cut))
          shop.add(shuffled.slice(cut))
          expect(canonical(shop.take())).toEqual(canonical(foldQuickly(given)))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('gives the same again for the same range, with the same folder or another', () => {
    fc.assert(
      fc.property(events, events, (before, given) => {
        const shop = quickShop()
        shop.add(before)
        shop.take()
        shop.add(given)
        const first = shop.take()
        shop.add(given)
        expect(canonical(shop.take())).toEqual(canonical(first))
        expect(canonical(foldQuickly(given))).toEqual(canonical(first))
      }),
    )
  })

  it('holds in each level all of the finer one', () => {
    fc.assert(
      fc.property(events, zone, (given, where) => {
        const rows = foldQuickly(given, where)
        const ofLevel = (level: number) => rows.filter(row => row.level === level)
        const [ten, quarter, day] = [LEVEL.tenSeconds, LEVEL.quarterHour, LEVEL.day].map(ofLevel)
        const totals = ten!.map(coarsest)
        expect(canonical(mergeRows(quarter!.map(coarsest)))).toEqual(canonical(mergeRows(totals)))
        expect(canonical(mergeRows(day!.map(coarsest)))).toEqual(canonical(mergeRows(totals)))
        expect(mergeRows(rows.map(({ month, ...row }) => ({ ...row, month: 0 })))).toHaveLength(rows.length)
      }),
      { numRuns: 300 },
    )

    /** the row as one of all time: late differs by level, as the ends of slices do */
    function coarsest(row: SliceRow): SliceRow {
      return { ...row, level: 0, start: 0, month: 0, late: 0 }
    }
  })

  it('folds nothing of rows that are not accepted, nor outside the range given', () => {
    const kept = fc.tuple(
      shopEvent,
      fc.constantFrom(OUTCOME.accepted, OUTCOME.duplicate, OUTCOME.rejected, OUTCOME.too_late),
    )
    fc.assert(
      fc.property(fc.array(kept, { maxLength: 30 }), fc.nat(30), fc.nat(30), (given, a, b) => {
        const first = Math.min(a, b, given.length)
        const last = Math.min(Math.max(a, b), given.length)
        const shop = quickShop()
        shop.add(
          given.map(([event]) => event),
          given.map(([, outcome]) => outcome),
          first,
          last,
        )
        const accepted = given.slice(first, last).filter(([, outcome]) => outcome === OUTCOME.accepted)
        expect(canonical(shop.take())).toEqual(canonical(foldSlowly(accepted.map(([event]) => event))))
      }),
    )
  })

  it('tells how large the open batch is, and lets go of it', () => {
    fc.assert(
      fc.property(fc.array(shopEvent, { minLength: 1, maxLength: 30 }), given => {
        const shop = quickShop()
        const empty = shop.folder.size()
        shop.add(given)
        const { cells } = shop.folder.size()
        expect(cells).toBeGreaterThan(0)
        const rows = shop.take().filter(row => row.level === LEVEL.tenSeconds)
        expect(rows.length).toBeLessThanOrEqual(cells * measures.length)
        expect(shop.folder.size()).toEqual(empty)
      }),
    )
  })
})

describe('slices', () => {
  const rowsOf = events.map(given => foldSlowly(given))

  it('merge in any grouping and order', () => {
    fc.assert(
      fc.property(rowsOf, rowsOf, rowsOf, (a, b, c) => {
        const leftFirst = mergeRows([...mergeRows([...a, ...b]), ...c])
        const rightFirst = mergeRows([...a, ...mergeRows([...b, ...c])])
        const backwards = mergeRows([...c, ...b, ...a])
        expect(canonical(rightFirst)).toEqual(canonical(leftFirst))
        expect(canonical(backwards)).toEqual(canonical(leftFirst))
      }),
      { numRuns: 100 },
    )
  })

  it('of two sets of events merge to those of both', () => {
    fc.assert(
      fc.property(events, events, (a, b) => {
        expect(canonical(mergeRows([...foldQuickly(a), ...foldQuickly(b)]))).toEqual(
          canonical(foldQuickly([...a, ...b])),
        )
      }),
    )
  })
})
