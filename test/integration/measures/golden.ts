import { readFile } from 'node:fs/promises'
import type { Catalog } from '@kivi/domain'
import { createDerivedStore, type DerivedStore, type SentEvent } from '../../support/derived-store.ts'

interface GoldenCase {
  readonly id: string
  readonly events: readonly SentEvent[]
}

const FILE = new URL('../../fixtures/golden/golden.json', import.meta.url)

/** Events of a case that was worked out by hand. */
async function goldenEvents(id: string): Promise<readonly SentEvent[]> {
  const { cases } = JSON.parse(await readFile(FILE, 'utf8')) as { cases: readonly GoldenCase[] }
  const found = cases.find(each => each.id === id)
  if (found === undefined) throw new Error(`there is no golden case ${id}`)
  return found.events
}

/** A store that holds the events of one case. */
export async function goldenStore(catalog: Catalog, id: string): Promise<DerivedStore> {
  const store = await createDerivedStore(catalog)
  await store.send(await goldenEvents(id))
  return store
}
