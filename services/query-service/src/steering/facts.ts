import { type Catalog, type SteeringFacts, type SteeringStore, steerCatalog } from '@kivi/domain'

/** The catalog as people steer it, kept up to date with what this and other query services were told. */
export interface SteeredCatalog {
  /** the catalog with the facts last seen over it; the same object until something changes */
  current(): Catalog
  readonly facts: () => SteeringFacts
  /** reads the facts where they are older than a second; others that ask meanwhile wait for the same reading */
  refresh(): Promise<void>
  /** reads them now: after this service has written some */
  reread(): Promise<void>
}

const MAX_AGE_MS = 1000
const NOTHING: SteeringFacts = { targets: [], northStars: [], references: [] }

/**
 * @param catalog asked each time: a running Kivi can take a changed one
 */
export function createSteeredCatalog(catalog: () => Catalog, store: SteeringStore, now: () => number): SteeredCatalog {
  let facts = NOTHING
  let text = JSON.stringify(NOTHING)
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | null = null
  let steered: { from: Catalog; with: SteeringFacts; catalog: Catalog } | null = null

  const read = async (): Promise<void> => {
    const [targets, northStars, references] = await Promise.all([
      store.targets(),
      store.northStars(),
      store.references(),
    ])
    const found = { targets, northStars, references }
    const foundText = JSON.stringify(found)
    // the same facts are the same object, so that answers made from them are kept
    if (foundText !== text) {
      facts = found
      text = foundText
    }
    readAt = now()
  }
  const start = (): Promise<void> => {
    reading = read().finally(() => {
      reading = null
    })
    return reading
  }

  return {
    current() {
      const from = catalog()
      if (steered === null || steered.from !== from || steered.with !== facts)
        steered = { from, with: facts, catalog: steerCatalog(from, facts) }
      return steered.catalog
    },
    facts: () => facts,
    async refresh() {
      const age = now() - readAt
      if (age >= 0 && age < MAX_AGE_MS) return
      await (reading ?? start())
    },
    async reread() {
      // a reading under way may have begun before the write
      if (reading !== null) await reading.catch(() => undefined)
      await start()
    },
  }
}
