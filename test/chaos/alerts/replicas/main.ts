/** `npm run chaos -- replicas [seconds]`. Exits with 1 when anything ended or fired again. */
import { kafkaEventLog } from '@kivi/event-log'
import { startKafka } from '../../../../infra/local/kafka.ts'
import { withClickHouse } from '../clickhouse.ts'
import { FIRING } from './catalogs.ts'
import { runReplicas } from './run.ts'

export async function replicasMain(seconds: number): Promise<number> {
  console.log(`two evaluators with two catalogs lead in turn for ${seconds} s, on Kafka`)
  await using stack = new AsyncDisposableStack()
  const kafka = await startKafka({ settings: { 'group.min.session.timeout.ms': '500' } })
  stack.defer(() => kafka.stop())
  const log = kafkaEventLog({ brokers: kafka.brokers })
  stack.defer(() => log.close())
  return await withClickHouse(async clickhouse => {
    const { fired, ended, told, takeOvers, endedAfterwards } = await runReplicas({
      ...{
        log,
        sessionTimeoutMs: 3_000,
        forMs: seconds * 1_000,
        turns: 5,
        clickhouse,
        report: line => console.log(line),
      },
    })
    const repeated = told.filter((line, i) => told.indexOf(line) !== i)
    console.log(`${takeOvers} take-overs; ${fired.length} alerts fired, ${ended.length} ended, ${told.length} told`)
    console.log(`afterwards, with one catalog: ${endedAfterwards.join(', ')}`)
    const wrong = [
      ...ended.map(name => `ended: ${name}`),
      ...(fired.join() === FIRING.join() ? [] : [`fired: ${fired.join(', ')}`]),
      ...repeated.map(line => `told again: ${line}`),
    ]
    console.log(wrong.length === 0 ? 'nothing ended, nothing fired again' : `WRONG\n  ${wrong.join('\n  ')}`)
    return wrong.length === 0 ? 0 : 1
  })
}
