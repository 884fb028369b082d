import type { Dictionary, EventColumns, Layout, RecordSet } from '@kivi/domain'
import { OUTCOME } from '@kivi/domain'
import { createEventColumns } from '../columns.ts'
import type { Decoder } from '../decoder.ts'
import { createDictionary } from '../dictionary.ts'

/** A decoder with columns and dictionaries of its own, to be compared with another's row by row. */
export class DecoderUnderTest {
  readonly decoder: Decoder
  readonly layout: Layout
  readonly dictionaries: Dictionary[]
  readonly into: EventColumns

  constructor(decoder: Decoder, layout: Layout) {
    this.decoder = decoder
    this.layout = layout
    this.dictionaries = layout.constants.map(createDictionary)
    this.into = createEventColumns(layout, 16)
  }

  /** what is not resolved counts as unknown */
  decode(set: RecordSet): this {
    const unknown = new Set(this.decoder.unresolved(set, 0, set.count))
    this.decoder.decode(set, 0, set.count, this.dictionaries, this.into, unknown)
    return this
  }

  /** all that is said of a row; ids of texts and the texts themselves */
  row(row: number): string {
    const { into } = this
    const rejection = into.rejections.get(row)
    if (into.outcome[row] === OUTCOME.rejected) return JSON.stringify({ rejection, offset: into.offset[row] })
    const ids = into.strings.map(column => column[row]!)
    return JSON.stringify({
      rejection,
      outcome: into.outcome[row],
      offset: into.offset[row],
      stamp: into.stamp[row],
      eventTime: into.eventTime[row],
      type: into.type[row],
      id: [into.idHigh[row], into.idLow[row]],
      person: [into.personHigh[row], into.personLow[row]],
      ids,
      texts: ids.map((id, c) => this.dictionaries[c]!.text(id)),
      // JSON has neither NaN nor −0
      numbers: into.numbers.map(column => (Object.is(column[row], -0) ? '-0' : String(column[row]))),
      hashed: into.hashedHigh.map((column, c) => [column[row], into.hashedLow[c]![row]]),
    })
  }
}
