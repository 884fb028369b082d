/**
 * `npm run bench -- alerts [--groups N] [--evaluations N] [--log kafka|embedded] [--only NAME] [--profile DIR]`
 *
 * One rule by campaign and region over ten thousand groups in a real ClickHouse, judged by a real evaluator in a process
 * of its own, with real Kafka or the embedded log.
 */
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { catchingUp, delivered, evaluations, manyRules, takeOver } from './alerts/cases.ts'
import type { Led, Totals } from './alerts/evaluator-process.ts'
import { openPlace } from './alerts/place.ts'
import { printBeside, printEvaluated } from './alerts/report.ts'
import { compacted, compactFile, createEagerTopic, fileBytes, topicBytes } from './alerts/sizes.ts'

const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: '10000' },
    evaluations: { type: 'string', default: '20' },
    catchup: { type: 'string', default: '360' },
    log: { type: 'string', default: 'kafka' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
})
const count = Number(values.evaluations)
await using leaving = new AsyncDisposableStack()
const place = await openPlace(
  {
    groups: Number(values.groups),
    instants: Math.max(count, Number(values.catchup)) + 1,
    kafka: values.log === 'kafka',
    profile: values.profile ?? null,
  },
  leaving,
)
console.log(
  `filled in ${(performance.now() / 1_000).toFixed(0)} s: ${values.groups} groups, ${values.log} log, load ${loadavg()[0]?.toFixed(1)}`,
)

const cases: Record<string, () => Promise<void>> = {
  nothing: async () => {
    const found = await evaluations(place, 'nothing', count, { topic: await place.afresh() })
    printEvaluated('nothing fires', found)
    await printBeside(place, found)
  },
  flapping: async () => {
    const found = await evaluations(place, 'flapping', count, { topic: await place.afresh(), interval: '30s' })
    printEvaluated('a tenth flaps', found)
  },
  all: async () => {
    const topic = await place.afresh()
    printEvaluated('all fire', await evaluations(place, 'all', count, { topic }))
    const requests = await delivered(place)
    const [first, last] = [requests[0]?.at ?? Number.NaN, requests.at(-1)?.at ?? Number.NaN]
    console.log(
      `  ${requests.length} messages of ${mb(Math.max(...requests.map(({ bytes }) => bytes)))} MB at most, from the first to the last ${Math.round(last - first)} ms`,
    )
  },
  rules: async () => {
    printEvaluated('200 rules', await manyRules(place, 200, count, await place.afresh()))
  },
  hour: async () => {
    const topic = await place.afresh()
    if (place.broker !== null) await createEagerTopic(place.broker, topic)
    const path = join(place.directory, `${topic}.sqlite`)
    // the interval of five minutes, as fast as time goes by here
    const found = await evaluations(place, 'flapping', Number(values.catchup), { topic, interval: '30s' })
    printEvaluated('an hour of flapping', found)
    const total = (of: (one: Totals) => number) => found.taken.reduce((sum, one) => sum + of(one), 0)
    console.log(`  appended ${total(one => one.records)} records, ${mb(total(one => one.bytes))} MB`)
    const size = async () =>
      place.broker === null ? fileBytes(path).used : await topicBytes(place.kafkaDirectory, topic)
    console.log(`  on the disk ${mb(await size())} MB; ${describe(await takeOver(place, topic))}`)
    await sleep(2_500)
    await takeOver(place, topic)
    if (place.broker === null) compactFile(path)
    else await compacted(place.kafkaDirectory, topic)
    console.log(`  compacted ${mb(await size())} MB; ${describe(await takeOver(place, topic))}`)
    if (place.broker === null) console.log(`  the file has ${mb(fileBytes(path).all)} MB`)
  },
  catchup: async () => {
    const found = await catchingUp(place, 'flapping', Number(values.catchup), await place.afresh())
    printEvaluated(`catching up with ${values.catchup} instants in ${found.seconds.toFixed(1)} s`, found)
  },
}
const only = values.only?.split(',')
for (const [name, run] of Object.entries(cases)) if (only === undefined || only.includes(name)) await run()

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

function describe({ took, folded, keys }: Led): string {
  return `a new leader has its ${keys} keys after ${Math.round(took)} ms, and reads them in ${Math.round(folded)} ms`
}
