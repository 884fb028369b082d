import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedEventLog } from '@kivi/event-log'
import { expect, it } from 'vitest'
import { FIRING } from './catalogs.ts'
import { runReplicas } from './run.ts'

/** The short form of `npm run chaos -- replicas`, which goes on for a minute, on Kafka. */
it('two catalogs in turn end and repeat nothing; what one alone has ends when it is gone', {
  timeout: 120_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kivi-replicas-'))
  const log = embeddedEventLog({ path: join(directory, 'events.sqlite') })
  try {
    const { fired, ended, told, takeOvers, endedAfterwards } = await runReplicas({
      ...{ log, sessionTimeoutMs: 5_000, forMs: 0, turns: 5, report: line => console.log(line) },
    })
    expect(fired).toEqual(FIRING)
    expect(ended).toEqual([])
    expect(told.filter(line => line.startsWith('both: ')).sort()).toEqual(FIRING.map(name => `both: ${name}`))
    // nobody is told of the same firing twice
    expect(new Set(told).size).toBe(told.length)
    expect(takeOvers).toBe(6)
    expect(endedAfterwards).toEqual(['OnlyOld spring rule_removed', 'Regrouped spring definition_changed'])
  } finally {
    await log.close()
    await rm(directory, { recursive: true, force: true })
  }
})
