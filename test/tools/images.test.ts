import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const run = (command: string, args: string[]) =>
  promisify(execFile)(command, args, { cwd: root }).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    (error: { code: number | string; stdout?: string; stderr?: string; message: string }) => {
      if (typeof error.code === 'string') throw new Error(`${command} is not here; .ci/install-tools installs it`)
      return { code: error.code, text: `${error.stdout}${error.stderr}` }
    },
  )

async function changed(file: string, from: string, to: string, check: (path: string) => Promise<void>): Promise<void> {
  const text = await readFile(join(root, file), 'utf8')
  expect(text).toContain(from)
  const folder = await mkdtemp(join(tmpdir(), 'kivi-tools-'))
  try {
    await writeFile(join(folder, 'file'), text.replace(from, to))
    await check(join(folder, 'file'))
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('docker-compose.yml', () => {
  it('is accepted by docker-compose', async () => {
    expect(await run('docker-compose', ['config', '-q'])).toEqual({ code: 0, text: '' })
  })

  it('would be refused with a service that does not exist', () =>
    changed('docker-compose.yml', 'kafka:\n        condition', 'kafak:\n        condition', async path => {
      expect((await run('docker-compose', ['-f', path, 'config', '-q'])).code).not.toBe(0)
    }))
})

describe('infra/docker/Dockerfile', () => {
  it('is accepted by hadolint', async () => {
    expect(await run('hadolint', ['infra/docker/Dockerfile'])).toEqual({ code: 0, text: '' })
  })

  it('would be refused with an image of no fixed version', () =>
    changed('infra/docker/Dockerfile', 'node:24.21.0-bookworm-slim AS', 'node:latest AS', async path => {
      expect(await run('hadolint', [path])).toMatchObject({ code: 1, text: expect.stringContaining('DL3007') })
    }))
})
