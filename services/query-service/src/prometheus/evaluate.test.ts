import { expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'
import { parsePromql } from './promql/parse.ts'
import type { Expr } from './promql/syntax.ts'
import { type Column, type LabelSet, labelSet, type Series } from './series.ts'

const DATA: Record<string, ReadonlyArray<readonly [Record<string, string>, Column]>> = {
  a: [
    [{ x: '1', y: 'p' }, [1, 2, null]],
    [{ x: '2', y: 'p' }, [10, null, null]],
    [{ x: '2' }, [0.1, 0.2, null]],
  ],
  b: [
    [{ x: '1', y: 'p' }, [2, 0, 4]],
    [{ x: '3', y: 'p' }, [1, 1, 1]],
  ],
  c: [[{ x: '1' }, [5, 6, 7]]],
}

function run(query: string): ReadonlyArray<readonly [LabelSet, Column]> | number {
  const read = (leaf: Expr): readonly Series[] => {
    const name = leaf.kind === 'selector' ? (leaf.matchers[0]?.value ?? '') : ''
    return (DATA[name] ?? []).map(([labels, values]) => ({ labels: labelSet(name, Object.entries(labels)), values }))
  }
  const value = evaluate(parsePromql(query), read)
  return value.kind === 'scalar' ? value.value : value.series.map(({ labels, values }) => [labels, values])
}

test('numbers among themselves', () => {
  expect(run('2 + 3 * 2 ^ 2 % 5')).toBe(4)
  expect(run('-(1 - 3)')).toBe(2)
  expect(run('1 < bool 2')).toBe(1)
  expect(() => run('1 / 0')).toThrow('1 / 0 is no number')
})

test('series and a number: the name goes, what has no number stays without', () => {
  expect(run('c * 2')).toEqual([[{ x: '1' }, [10, 12, 14]]])
  expect(run('1 - c')).toEqual([[{ x: '1' }, [-4, -5, -6]]])
  expect(run('1 / (c - 5)')).toEqual([[{ x: '1' }, [null, 1, 0.5]]])
})

test('a comparison leaves out what does not hold, and keeps the name; with bool it is 0 or 1', () => {
  expect(run('c > 5')).toEqual([[{ __name__: 'c', x: '1' }, [null, 6, 7]]])
  expect(run('6 <= c')).toEqual([[{ __name__: 'c', x: '1' }, [null, 6, 7]]])
  expect(run('c != bool 6')).toEqual([[{ x: '1' }, [1, 0, 1]]])
})

test('series of the same labels meet, the others fall away', () => {
  expect(run('a / b')).toEqual([[{ x: '1', y: 'p' }, [0.5, null, null]]])
  expect(run('b - on (x) c')).toEqual([[{ x: '1' }, [-3, -6, -3]]])
  expect(run('b - ignoring (y) c')).toEqual([[{ x: '1' }, [-3, -6, -3]]])
  expect(run('b < on (x) c')).toEqual([[{ x: '1' }, [2, 0, 4]]])
})

test('several that could meet are refused', () => {
  expect(() => run('a + on (x) c')).toThrow('many-to-many matching not allowed')
  expect(() => run('c + on (y) b')).toThrow('many-to-many matching not allowed')
})

test('aggregation is over what there is at each step', () => {
  expect(run('sum(a)')).toEqual([[{}, [11.1, 2.2, null]]])
  expect(run('avg by (y) (a)')).toEqual([
    [{ y: 'p' }, [5.5, 2, null]],
    [{}, [0.1, 0.2, null]],
  ])
  expect(run('count without (y) (a)')).toEqual([
    [{ x: '1' }, [1, 1, null]],
    [{ x: '2' }, [2, 1, null]],
  ])
  expect(run('min(a)')).toEqual([[{}, [0.1, 0.2, null]]])
  expect(run('max(a)')).toEqual([[{}, [10, 2, null]]])
  expect(run('sum(nothing)')).toEqual([])
})
