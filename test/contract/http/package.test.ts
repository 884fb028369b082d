/** What others install is the tarball of packages/client: without this workspace, its tools or its dependencies. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const CLIENT = fileURLToPath(new URL('../../../packages/client', import.meta.url))
const TSC = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url))

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-client-'))
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', directory], { cwd: CLIENT })
  const [{ filename, files }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [
    { filename: string; files: Array<{ path: string }> },
  ]
  const paths = files.map(({ path }) => path)
  expect(paths).toContain('dist/index.d.ts')
  expect(paths.filter(path => !/^(dist\/[\w/.-]+\.(js|d\.ts)|package\.json|README\.md)$/.test(path))).toEqual([])
  await writeFile(join(directory, 'package.json'), '{"name":"somebody-else","private":true,"type":"module"}')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(directory, filename)], { cwd: directory })
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('it has no dependencies, and imports nothing but itself', async () => {
  const installed = join(directory, 'node_modules/@kivi/client')
  const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
  expect(manifest.dependencies).toBeUndefined()
  const { stdout } = await run('grep', ['-rhoE', "from '[^']+'", join(installed, 'dist')])
  for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^from '\.\/[\w/-]+\.(js|ts)'$/)
})

test('the example of its README is a program that its types allow', async () => {
  const page = await readFile(join(CLIENT, 'README.md'), 'utf8')
  const [, example] = /```ts\n(.*?)```/s.exec(page)!
  const given = `import type { Answer } from '@kivi/client'
declare function draw(board: Answer<'board'>): void
declare const signal: AbortSignal
`
  await writeFile(join(directory, 'example.ts'), given + example)
  const options = ['--strict', '--noEmit', '--target', 'es2023', '--module', 'nodenext', '--lib', 'es2023,dom']
  const compiled = run(process.execPath, [TSC, ...options, 'example.ts'], { cwd: directory })
  expect(await compiled.catch(({ stdout }: { stdout: string }) => stdout)).toEqual({ stdout: '', stderr: '' })
})

test('a program of somebody else asks with it, and its types say what is answered', async () => {
  const server = createServer((request, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ value: request.url === '/v1/indicators/ctr/value?window=1d' ? 0.5 : null })),
  )
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const program = `import { createKivi, type Answer } from '@kivi/client'
declare const process: { readonly argv: readonly string[] }
const kivi = createKivi({ baseUrl: process.argv[2]! })
const answer: Answer<'value'> = await kivi.value({ id: 'ctr', window: '1d' })
const value: number | null = answer.value
// @ts-expect-error a value may be missing
const wrong: number = answer.value
// @ts-expect-error there is no such parameter
void (() => kivi.value({ id: 'ctr', widnow: '1d' }))
console.log(value)
`
    await writeFile(join(directory, 'program.ts'), program)
    const options = ['--strict', '--target', 'es2023', '--module', 'nodenext', '--noEmitOnError']
    const compiled = run(process.execPath, [TSC, ...options, '--lib', 'es2023,dom', 'program.ts'], { cwd: directory })
    expect(await compiled.catch(({ stdout }: { stdout: string }) => stdout)).toEqual({ stdout: '', stderr: '' })
    const { port } = server.address() as AddressInfo
    const { stdout } = await run(process.execPath, ['program.js', `http://127.0.0.1:${port}`], { cwd: directory })
    expect(stdout).toBe('0.5\n')
  } finally {
    server.close()
  }
})
