/** One row of a file, before a mapping makes events of it. */
export interface Row {
  /** as a person would look it up: the line of the file (NDJSON, CSV), the number of the record (Avro); from 1 */
  readonly line: number
  /** value of a column or field; undefined where the row has none */
  readonly value: (name: string) => unknown
  /** the row as an object, where it was one (NDJSON) */
  readonly object: Readonly<Record<string, unknown>> | null
  /** why the row cannot be read, else null */
  readonly problem: string | null
}

/** What a reader knows before the first row. */
export interface RowSource {
  /** names that may be asked for; null: any (each row has its own) */
  readonly columns: readonly string[] | null
  /** name of the Avro record, which is the event type where no field says it */
  readonly recordName: string | null
  /** runs of rows in the file's order */
  readonly rows: AsyncIterable<readonly Row[]>
}

/** Rows handed on at a time: enough that an await per run costs nothing. */
export const RUN = 1_000

export const unreadable = (line: number, problem: string): Row => ({
  line,
  value: () => undefined,
  object: null,
  problem,
})
