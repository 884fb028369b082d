/** `npm start` without the demo, for events of one's own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KIVI, kivi, start } from './support/command.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivi-acceptance-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('counts what is sent and what is imported, and other commands find it', async () => {
  const env = { KIVI_DATA_DIR: join(directory, 'own'), KIVI_HTTP_PORT: '0' }
  await using running = start(KIVI, ['start'], { env })
  const [, url] = await running.says(/The board: +(http\S+)/)
  const now = Date.now()
  const events = Array.from({ length: 20 }, (_, i) => ({
    event_id: `sent-${i}`,
    event_type: 'page_view',
    event_time: now - 60_000,
    source: 'shop',
    anonymous_id: `a${i % 5}`,
  }))
  const answer = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: events.map(event => JSON.stringify(event)).join('\n'),
  })
  expect(await answer.json()).toEqual({ accepted: 20, rejected: [] })
  const file = join(directory, 'more.ndjson')
  await writeFile(
    file,
    `${events.map(event => JSON.stringify({ ...event, event_id: `file-${event.event_id}` })).join('\n')}\n{broken\n`,
  )
  const imported = await kivi(['import', file, '--json'], { env })
  expect(imported.code).toBe(1)
  expect(JSON.parse(imported.stdout)).toMatchObject({
    sent: 20,
    refused: 1,
    refusals: [{ line: 21, reason: 'unreadable' }],
  })
  const window = [
    '--from',
    new Date(now - 3_600_000 - (now % 900_000)).toISOString(),
    '--to',
    new Date(now + 900_000 - (now % 900_000)).toISOString(),
  ]
  const shown = await kivi(['value', 'page_views', ...window, '--json'], { env })
  expect(shown.stderr).toBe('')
  expect(JSON.parse(shown.stdout)).toMatchObject({ indicator: 'page_views', value: 40 })
  expect((await kivi(['value', 'page_vews'], { env })).code).toBe(2)
  expect((await kivi(['board'], { env })).stdout).toContain('visitors')
  running.kill('SIGTERM')
  expect((await running.ended).code).toBe(0)
})
