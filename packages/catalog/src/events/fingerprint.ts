import avro from 'avsc'

/** CRC-64-AVRO's polynomial; also the fingerprint of no bytes (Avro specification, "Schema Fingerprints"). */
const EMPTY = 0xc15d213aa4d7a795n

const TABLE: readonly bigint[] = Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte)
  for (let bit = 0; bit < 8; bit++) value = (value >> 1n) ^ (EMPTY & -(value & 1n))
  return value
})

/** CRC-64-AVRO of bytes. */
export function crc64Avro(bytes: Uint8Array): bigint {
  let value = EMPTY
  for (const byte of bytes) value = (value >> 8n) ^ TABLE[Number((value ^ BigInt(byte)) & 0xffn)]!
  return value
}

/** The Parsing Canonical Form of a schema: what decides how bytes are read, and nothing else. */
export function canonicalForm(schemaJson: string): string {
  return JSON.stringify(avro.Type.forSchema(JSON.parse(schemaJson) as avro.Schema).schema())
}

/**
 * The fingerprint of a schema's Parsing Canonical Form, as an unsigned 64-bit integer: what a single-object
 * encoded message carries little-endian after its two marker bytes.
 */
export function fingerprint(schemaJson: string): bigint {
  return crc64Avro(Buffer.from(canonicalForm(schemaJson), 'utf8'))
}
