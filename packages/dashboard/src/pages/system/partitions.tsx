import { formatCount } from '../../format/numbers.ts'
import { formatSeconds } from '../../format/spans.ts'
import { formatMoment } from '../../format/times.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken } from '../../settings/language.ts'
import { type Partition, partitionState, type System, secondsBetween } from './findings.ts'
import { WORDS } from './words.ts'

/** Each partition of the event log: how far it is read, counted and proven. */
export function Partitions({ system, partitions }: { system: System; partitions: readonly Partition[] }) {
  const words = spoken(WORDS)
  return (
    <Wide label={words.partitions}>
      <table>
        <caption class="visually-hidden">{words.partitions}</caption>
        <thead>
          <tr>
            {[
              words.partition,
              words.state,
              words.upTo,
              words.newest,
              words.waits,
              words.position,
              words.end,
              words.ledger,
              words.heard,
            ].map(head => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {partitions.map(one => {
            const state = partitionState(one, system.at)
            const ago = (time: string) => words.ago(formatSeconds(Math.max(0, secondsBetween(time, system.at))))
            return (
              <tr key={`${one.topic}/${one.partition}`} data-partition={one.partition} data-state={state}>
                <th scope="row">
                  {one.topic}/{one.partition}
                </th>
                <td>
                  <span class={`pill outlined mark ${state}`}>{words.states[state]}</span>
                </td>
                <td title={one.watermark === null ? undefined : formatMoment(one.watermark)}>
                  {one.watermark === null ? words.nothing : ago(one.watermark)}
                </td>
                <td title={one.newest_event === null ? undefined : formatMoment(one.newest_event)}>
                  {one.newest_event === null ? words.nothing : ago(one.newest_event)}
                </td>
                <td>{formatCount(one.lag)}</td>
                <td>{formatCount(one.position)}</td>
                <td>
                  {formatCount(one.end)}
                  {one.end_from === 'worker' && <span class="quiet"> {words.endOld}</span>}
                </td>
                <td>{one.ledger_position === null ? words.nothing : formatCount(one.ledger_position)}</td>
                <td title={`${words.worker}: ${one.worker}`}>{ago(one.seen_at)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Wide>
  )
}
