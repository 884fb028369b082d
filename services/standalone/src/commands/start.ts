import { KiviError, suggest } from '@kivi/domain'
import { aborted, createLogger, createTelemetry, Lifecycle, loadConfig } from '@kivi/service-kit'
import { type Command, type CommandContext, EXIT } from '../cli/command.ts'
import { requireCatalog } from '../system/catalog.ts'
import { type DataDirectory, openDataDirectory } from '../system/data-directory.ts'
import { watchCatalog } from '../system/live-catalog.ts'
import { SERVICES, type Service, startAll, startSome } from '../system/start-services.ts'

export const start: Command = {
  name: 'start',
  summary: 'Start all of Kivi, or some of its services.',
  description:
    `Without names all services start in this terminal, with an embedded engine and log where none are configured.\n` +
    `The services are ${SERVICES.join(', ')}.\nCtrl-C stops them in order; pressed again, at once. A changed catalog comes into force by itself, if it is right.`,
  usage: '[SERVICE…] [--quiet]',
  arguments: { min: 0, max: Number.POSITIVE_INFINITY },
  options: { quiet: { type: 'boolean', description: 'log only what goes wrong' } },
  async run(context, args) {
    const services = args.positionals.map(checkService)
    const config = loadConfig(context.env)
    const loaded = await requireCatalog(config)
    const directory = await openDataDirectory(config)
    const logger = createLogger({
      service: services.length === 1 ? (services[0] as string) : 'kivi',
      // at a terminal the few lines below are enough; what goes wrong is still told
      level: context.stderr.isTTY === true || args.options['quiet'] === true ? 'warn' : 'info',
    })
    for (const warning of config.warnings) logger.warn(warning)
    const telemetry = createTelemetry(logger)
    await using lifecycle = new Lifecycle({ logger })
    const failure = Promise.withResolvers<never>()
    failure.promise.catch(() => {})
    const catalog = await lifecycle.start('catalog', () =>
      watchCatalog({ directory: config.catalog.directory, catalog: loaded, telemetry }),
    )
    context.onReload(() => void catalog.reload())
    const system = { config, env: context.env, catalog, directory, lifecycle, telemetry, fail: failure.reject }
    // a stop that comes while Kivi starts ends the start at once
    const stopped = aborted(context.signal)
    void stopped.then(() => lifecycle.stop())
    try {
      const running = services.length === 0 ? await startAll(system) : await startSome(system, services)
      if (services.length === 0) greet(context, running.url, directory, config.demo)
      else for (const url of [running.url, running.engine]) if (url !== null) logger.info({ url }, `serving at ${url}`)
      context.ready()
      await Promise.race([stopped, failure.promise])
    } catch (error) {
      if (!context.signal.aborted) throw error
    }
    const problems = await lifecycle.stop()
    if (services.length === 0)
      context.stdout.write(problems.length === 0 ? 'Kivi has stopped.\n' : 'Kivi has stopped, not cleanly.\n')
    return problems.length === 0 ? EXIT.done : EXIT.findings
  },
}

function checkService(name: string): Service {
  const known: readonly string[] = [...SERVICES, 'demo']
  if (known.includes(name)) return name as Service
  const similar = suggest(name, SERVICES)
  throw new KiviError(
    'usage',
    `There is no service "${name}"${similar === null ? '' : `; did you mean ${similar}?`}\nThe services are ${SERVICES.join(', ')}.`,
  )
}

function greet({ stdout }: CommandContext, url: string | null, directory: DataDirectory, demo: boolean): void {
  stdout.write(
    [
      '',
      `  Kivi runs. The board:  ${url}`,
      `  Your data:             ${directory.path}`,
      demo
        ? '  What you see is the demo, a simulated storefront. For events of your own: KIVI_DEMO=off npm start'
        : `  Send events:           POST ${url}/v1/events, or npx kivi import FILE`,
      '  To stop:               Ctrl-C',
      '',
      '',
    ].join('\n'),
  )
}
