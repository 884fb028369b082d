import type { InputFile } from './input-file.ts'
import { readAvro } from './read-avro.ts'
import { readCsv } from './read-csv.ts'
import { readNdjson } from './read-ndjson.ts'
import type { RowSource } from './row.ts'

export type Format = 'ndjson' | 'csv' | 'avro'

const AVRO_MAGIC = Buffer.from('Obj\x01')

/** The format is the mapping's, else what the first unpacked bytes say. */
export async function readRows(
  file: InputFile,
  options: { readonly format: Format | null; readonly delimiter: string; readonly onRead?: (bytes: number) => void },
): Promise<RowSource> {
  const format = options.format ?? (await detectFormat(file))
  const bytes = file.unpacked(options.onRead)
  switch (format) {
    case 'ndjson':
      return readNdjson(bytes)
    case 'csv':
      return readCsv(bytes, { name: file.name, delimiter: options.delimiter })
    case 'avro':
      return readAvro(bytes, { name: file.name })
  }
}

async function detectFormat(file: InputFile): Promise<Format> {
  for await (const bytes of file.unpacked()) {
    if (bytes.subarray(0, 4).equals(AVRO_MAGIC)) return 'avro'
    const text = bytes
      .subarray(0, 4096)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trimStart()
    if (text !== '') return text.startsWith('{') ? 'ndjson' : 'csv'
  }
  return 'ndjson'
}
