import type { EventColumns, Layout } from '@kivi/domain'

/** Columns for up to `capacity` rows; `decode` makes them larger where a record set needs it. */
export function createEventColumns(layout: Layout, capacity: number): EventColumns {
  const columns = { count: 0, rejections: new Map() } as unknown as EventColumns
  allocate(columns, layout, capacity)
  return columns
}

/** Begins anew with `count` rows. What the columns held is gone. */
export function beginRows(columns: EventColumns, layout: Layout, count: number): void {
  if (columns.offset.length < count) allocate(columns, layout, Math.max(count, columns.offset.length * 2))
  columns.count = count
  columns.rejections.clear()
}

function allocate(columns: EventColumns, layout: Layout, capacity: number): void {
  const doubles = () => new Float64Array(capacity)
  const integers = () => new Int32Array(capacity)
  columns.offset = doubles()
  columns.stamp = doubles()
  columns.outcome = new Uint8Array(capacity)
  columns.eventTime = doubles()
  columns.type = integers()
  columns.idHigh = integers()
  columns.idLow = integers()
  columns.personHigh = integers()
  columns.personLow = integers()
  columns.strings = layout.strings.map(integers)
  columns.numbers = layout.numbers.map(doubles)
  columns.hashedHigh = layout.hashed.map(integers)
  columns.hashedLow = layout.hashed.map(integers)
}
