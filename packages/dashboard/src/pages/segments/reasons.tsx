import type { Answer } from '@kivi/client'
import { formatCount, formatShare, formatValue } from '../../format/numbers.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken } from '../../settings/language.ts'
import { WORDS } from './words.ts'

/** Topics of those who left beside those who stayed; hidden ones are told. */
export function Reasons({ answer }: { answer: Answer<'churnReasons'> }) {
  const words = spoken(WORDS)
  const { churned, hidden, topics } = answer
  const share = (value: number | null) => (value === null ? '–' : formatShare(value, 1))
  return (
    <>
      <p class="quiet">{words.spoke(formatCount(churned.with_topic), formatCount(churned.persons))}</p>
      {topics.length > 0 ? (
        <Wide label={words.why}>
          <table>
            <caption class="visually-hidden">{words.why}</caption>
            <thead>
              <tr>
                <th scope="col">{words.topic}</th>
                <th scope="col">{words.left}</th>
                <th scope="col">{words.stayed}</th>
                <th scope="col">{words.times}</th>
                <th scope="col">{words.range}</th>
              </tr>
            </thead>
            <tbody>
              {topics.map(topic => (
                <tr key={topic.topic} data-topic={topic.topic}>
                  <th scope="row">{topic.topic}</th>
                  <td>{share(topic.share_of_churned)}</td>
                  <td>{share(topic.share_of_stayed)}</td>
                  <td>{topic.ratio === null ? '–' : `${formatValue(topic.ratio, 'number')} ×`}</td>
                  <td>
                    {topic.interval === null
                      ? '–'
                      : `${formatValue(topic.interval[0] ?? 0, 'number')} – ${formatValue(topic.interval[1] ?? 0, 'number')}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      ) : (
        hidden.topics === 0 && <p>{words.silent}</p>
      )}
      {hidden.topics > 0 && <p class="quiet">{words.hidden(formatCount(hidden.fewest))}</p>}
    </>
  )
}
