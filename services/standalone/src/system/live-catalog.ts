/**
 * The catalog of a running Kivi. Its directory is watched: a changed catalog comes into force when it is right,
 * and while it is not the old one serves. An editor that writes several files gives several looks, of which the last
 * counts.
 */
import { createHash } from 'node:crypto'
import { type FSWatcher, watch } from 'node:fs'
import { join } from 'node:path'
import { formatProblem, type Loaded, loadCatalogFiles, readCatalogFiles } from '@kivi/catalog'
import type { Catalog } from '@kivi/domain'
import { event, namedEvents, type Started, type Telemetry } from '@kivi/service-kit'

export interface LiveCatalog {
  /** the one in force */
  current(): Catalog
  /** looks at the directory now; resolves when what is there is in force, or refused */
  reload(): Promise<void>
}

export interface LiveCatalogOptions {
  readonly directory: string
  /** what was loaded at the start */
  readonly catalog: Catalog
  readonly telemetry: Telemetry
  /** silence after a change before it is looked at, ms; default 250 */
  readonly settleMs?: number
  /** how often it is looked at without being told of a change, ms: not every file system tells; default 10 000 */
  readonly pollMs?: number
}

export async function watchCatalog(options: LiveCatalogOptions): Promise<Started<LiveCatalog>> {
  const { directory, telemetry, settleMs = 250, pollMs = 10_000 } = options
  const tell = catalogEvents(telemetry)
  let inForce = options.catalog
  /** what lay there at the last look: reading it takes milliseconds, making a catalog of it holds up every answer */
  let lay = fingerprint(inForce.files, [])
  /** what came of it, so that one mistake is told once */
  let seen = contents(inForce.files)
  let looking: Promise<void> = Promise.resolve()
  let settling: NodeJS.Timeout | null = null
  tell.serving({ failed: 0, indicators: inForce.indicators.size })

  const refuse = (text: string): void => {
    tell.refused({ text })
    tell.serving({ failed: 1, indicators: inForce.indicators.size })
  }
  async function look(): Promise<void> {
    const { files, problems } = await readCatalogFiles(directory)
    const lies = fingerprint(files, problems)
    if (lies === lay) return
    lay = lies
    const loaded: Loaded = problems.length > 0 ? { problems } : loadCatalogFiles(files)
    const found = loaded.catalog === undefined ? problemsOf(loaded) : contents(loaded.catalog.files)
    if (found === seen) return
    seen = found
    if (loaded.catalog === undefined) return refuse(found)
    const { timezone, hash, indicators } = loaded.catalog
    if (timezone !== inForce.timezone)
      return refuse(
        `timezone is ${timezone} now and was ${inForce.timezone}, so that days would be cut in two ways. ` +
          'It takes a restart, and days that were counted before keep their old bounds.',
      )
    inForce = loaded.catalog
    tell.reloaded({ hash, indicators: indicators.size })
    tell.serving({ failed: 0, indicators: indicators.size })
  }
  const reload = (): Promise<void> => {
    looking = looking.then(look).catch(error => refuse((error as Error).message))
    return looking
  }
  const soon = (): void => {
    if (settling !== null) clearTimeout(settling)
    settling = setTimeout(() => void reload(), settleMs)
  }

  const watchers = ['', 'events', 'events/older'].flatMap(folder => watchFolder(join(directory, folder), soon))
  const poll = setInterval(() => void reload(), pollMs)
  return {
    value: { current: () => inForce, reload },
    async stop() {
      for (const watcher of watchers) watcher.close()
      clearInterval(poll)
      if (settling !== null) clearTimeout(settling)
      await looking
    },
  }
}

/** Nothing where the folder is not there, or cannot be watched: then it is looked at now and then. */
function watchFolder(path: string, changed: () => void): FSWatcher[] {
  try {
    const watcher = watch(path, changed)
    watcher.on('error', () => watcher.close())
    return [watcher]
  } catch {
    return []
  }
}

const contents = (files: ReadonlyMap<string, string>): string =>
  JSON.stringify([...files].sort(([a], [b]) => (a < b ? -1 : 1)))

const fingerprint = (files: ReadonlyMap<string, string>, problems: NonNullable<Loaded['problems']>): string =>
  createHash('sha1')
    .update(JSON.stringify([contents(files), problems]))
    .digest('base64url')

const problemsOf = (loaded: Loaded): string => (loaded.problems ?? []).map(formatProblem).join('\n')

function catalogEvents(telemetry: Telemetry) {
  return namedEvents(telemetry, {
    serving: event<{ failed: number; indicators: number }>({
      level: null,
      message: '',
      metrics: [
        {
          kind: 'gauge',
          name: 'kivi_catalog_reload_failed',
          help: '1 while the catalog in the directory is refused and an older one serves',
          value: f => f.failed,
        },
        {
          kind: 'gauge',
          name: 'kivi_catalog_indicators',
          help: 'Indicators of the catalog in force',
          value: f => f.indicators,
        },
      ],
    }),
    reloaded: event<{ hash: string; indicators: number }>({
      level: 'info',
      message: f => `the catalog has changed: ${f.hash.slice(0, 12)} with ${f.indicators} indicators is in force`,
      metrics: [{ kind: 'counter', name: 'kivi_catalog_reloads_total', help: 'Changed catalogs that came into force' }],
    }),
    refused: event<{ text: string }>({
      level: 'error',
      message: f => `the changed catalog is refused, the one before goes on to serve:\n${f.text}`,
    }),
  })
}
