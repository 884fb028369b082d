import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')

/** What `npm run lint` checks, over a small tree of the same shape in which each arrow can be planted. */
describe('the check of import arrows', () => {
  let tree: string
  const good: Record<string, string> = {
    'packages/domain/src/index.ts': 'export const one = 1\n',
    'packages/store/src/index.ts': "import { one } from '../../domain/src/index.ts'\nexport const two = one + 1\n",
    'services/a/src/index.ts': "import { two } from '../../../packages/store/src/index.ts'\nexport const a = two\n",
    'services/b/src/index.ts': 'export const b = 2\n',
    'services/standalone/src/index.ts':
      "import { a } from '../../a/src/index.ts'\nimport { b } from '../../b/src/index.ts'\nexport const all = [a, b]\n",
  }

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'kivi-arrows-'))
    await cp(join(root, '.dependency-cruiser.mjs'), join(tree, '.dependency-cruiser.mjs'))
    await cp(join(root, 'tsconfig.json'), join(tree, 'tsconfig.json'))
    await writeFile(join(tree, 'package.json'), '{ "type": "module" }')
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'))
  })
  afterAll(() => rm(tree, { recursive: true, force: true }))

  async function violations(planted: Record<string, string>): Promise<string[]> {
    await Promise.all(['packages', 'services'].map(d => rm(join(tree, d), { recursive: true, force: true })))
    for (const [file, text] of Object.entries({ ...good, ...planted })) {
      await mkdir(dirname(join(tree, file)), { recursive: true })
      await writeFile(join(tree, file), text)
    }
    const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
    const args = [bin, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'packages', 'services']
    const { stdout } = await run(process.execPath, args, { cwd: tree }).catch((e: { stdout: string }) => e)
    const { summary } = JSON.parse(stdout) as {
      summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] }
    }
    // a checker that reads nothing finds nothing
    expect(summary.totalCruised).toBeGreaterThanOrEqual(Object.keys(good).length)
    return summary.violations.map(v => `${v.rule.name}: ${v.from}`)
  }

  it('is content with services → adapters → domain', async () => {
    expect(await violations({})).toEqual([])
  })

  it.each([
    ['domain-is-pure', 'packages/domain/src/index.ts', "import 'node:fs'\nexport const one = 1\n"],
    ['domain-is-pure', 'packages/domain/src/index.ts', "export { two as one } from '../../store/src/index.ts'\n"],
    [
      'adapters-know-no-service',
      'packages/store/src/index.ts',
      "export { b as two } from '../../../services/b/src/index.ts'\n",
    ],
    ['services-are-apart', 'services/a/src/index.ts', "export { b as a } from '../../b/src/index.ts'\n"],
  ])('finds a planted violation of %s', async (rule, file, text) => {
    expect(await violations({ [file]: text })).toContain(`${rule}: ${file}`)
  })
})
