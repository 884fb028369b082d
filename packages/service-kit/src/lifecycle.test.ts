import { describe, expect, it } from 'vitest'
import { Lifecycle } from './lifecycle.ts'
import { createLogger } from './logger.ts'

const logger = createLogger({ service: 'test', level: 'silent' })

const recorder = () => {
  const log: string[] = []
  const component =
    (name: string, stop: () => Promise<void> = async () => {}) =>
    async () => {
      log.push(`start ${name}`)
      return {
        value: name,
        stop: async () => {
          log.push(`stop ${name}`)
          await stop()
        },
      }
    }
  return { log, component }
}

describe('lifecycle', () => {
  it('stops in the reverse order of starting, once', async () => {
    const { log, component } = recorder()
    const lifecycle = new Lifecycle({ logger })
    expect(await lifecycle.start('a', component('a'))).toBe('a')
    await lifecycle.start('b', component('b'))
    expect(await Promise.all([lifecycle.stop(), lifecycle.stop()])).toEqual([[], []])
    expect(log).toEqual(['start a', 'start b', 'stop b', 'stop a'])
  })

  it('stops what had started when the next cannot start', async () => {
    const { log, component } = recorder()
    const lifecycle = new Lifecycle({ logger })
    await lifecycle.start('a', component('a'))
    await expect(lifecycle.start('b', () => Promise.reject(new Error('port taken')))).rejects.toThrow('port taken')
    expect(log).toEqual(['start a', 'stop a'])
  })

  it('names what does not stop in time, and stops the others all the same', async () => {
    const { log, component } = recorder()
    const lifecycle = new Lifecycle({ logger, stopDeadlineMs: 20 })
    await lifecycle.start('a', component('a'))
    await lifecycle.start(
      'stuck',
      component('stuck', () => new Promise(() => {})),
    )
    const problems = await lifecycle.stop()
    expect(problems.map(({ component: name, error }) => [name, (error as Error).message])).toEqual([
      ['stuck', 'stuck did not stop within 20 ms'],
    ])
    expect(log.at(-1)).toBe('stop a')
  })

  it('stops a component that was starting when the stop came, and starts no other', async () => {
    const { log, component } = recorder()
    const lifecycle = new Lifecycle({ logger })
    const gate = Promise.withResolvers<void>()
    const starting = lifecycle.start('slow', async () => {
      await gate.promise
      return component('slow')()
    })
    await lifecycle.stop()
    gate.resolve()
    await expect(starting).rejects.toThrow('slow was not started')
    await expect(lifecycle.start('late', component('late'))).rejects.toThrow('late was not started')
    expect(log).toEqual(['start slow', 'stop slow'])
  })
})
