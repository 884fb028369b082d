import { type Catalog, type SteeringFacts, type SteeringStore, steerCatalog } from '@kivi/domain'

/** The catalog as people steer it, kept up to date with what this and other query services were told. */
export interface SteeredCatalog {
  /** the catalog with the facts last seen over it; the same object until something changes */
  current(): Catalog
  readonly facts: () => SteeringFacts
  /** looks for new facts where those known are older than a second, and waits for it where they are older than two */
  refresh(): Promise<void>
  /** reads them now: after this service has written some */
  reread(): Promise<void>
}

const MAX_AGE_MS = 1_000
/** so old they may be while somebody looks */
const GRACE_MS = 2_000
const NOTHING: SteeringFacts = { targets: [], northStars: [], references: [] }

/**
 * @param catalog asked each time: a running Kivi can take a changed one
 */
export function createSteeredCatalog(catalog: () => Catalog, store: SteeringStore, now: () => number): SteeredCatalog {
  let facts = NOTHING
  let text = JSON.stringify(NOTHING)
  let readAt = Number.NEGATIVE_INFINITY
  /** of the facts last read; null: they may have changed since */
  let mark: string | null = null
  let reading: Promise<void> | null = null
  let steered: { from: Catalog; with: SteeringFacts; catalog: Catalog } | null = null

  /** @param seen a mark from before the reading, so that what is written meanwhile is read the next time */
  const read = async (seen: string | null): Promise<void> => {
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
    mark = seen
    readAt = now()
  }
  const lookFor = async (): Promise<void> => {
    const seen = await store.mark()
    if (seen !== null && seen === mark) readAt = now()
    else await read(seen)
  }
  const start = (work: () => Promise<void>): Promise<void> => {
    reading = work().finally(() => {
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
      const look = reading ?? start(lookFor)
      // who polls does not wait for each look; its failure meets the one who asks when the facts are too old
      if (age >= 0 && age < GRACE_MS) look.catch(() => undefined)
      else await look
    },
    async reread() {
      // a reading under way may have begun before the write
      if (reading !== null) await reading.catch(() => undefined)
      await start(() => read(null))
    },
  }
}
