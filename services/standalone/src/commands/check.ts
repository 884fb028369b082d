import { formatProblem, loadCatalog } from '@kivi/catalog'
import { loadConfig } from '@kivi/service-kit'
import { type Command, EXIT } from '../cli/command.ts'

export const check: Command = {
  name: 'check',
  summary: 'Find all mistakes in the catalog.',
  description:
    'Prints nothing and exits 0 when all is well; else a line per mistake, `file:line:col code message`, and exits 1.',
  usage: '[--json]',
  arguments: { min: 0, max: 0 },
  options: { json: { type: 'boolean', description: 'the mistakes as JSON' } },
  async run({ env, stdout }, args) {
    const { directory } = loadConfig(env).catalog
    const { problems = [] } = await loadCatalog(directory)
    if (args.options['json']) stdout.write(`${JSON.stringify({ problems })}\n`)
    else for (const problem of problems) stdout.write(`${formatProblem(problem)}\n`)
    return problems.length > 0 ? EXIT.findings : EXIT.done
  },
}
