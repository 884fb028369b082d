import type { Answer } from '@kivi/client'
import { formatCount, formatShare, formatValue } from '../../format/numbers.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken } from '../../settings/language.ts'
import { WORDS } from './words.ts'

type Segments = Answer<'valueSegments'>

/** The groups of a window with what they brought. */
export function Worth({ answer }: { answer: Segments }) {
  const words = spoken(WORDS)
  if (answer.total.persons === 0) return <p>{words.nobody}</p>
  const money = (value: number | null) => (value === null ? '–' : formatValue(value, 'money'))
  const share = (value: number | null) => (value === null ? '–' : formatShare(value, 1))
  const ofAll = (persons: number) => persons / answer.total.persons
  return (
    <Wide label={words.worth}>
      <table>
        <caption class="visually-hidden">{words.worth}</caption>
        <thead>
          <tr>
            <th scope="col">{words.segment}</th>
            <th scope="col">{words.persons}</th>
            <th scope="col">{words.shareOfPersons}</th>
            <th scope="col">{words.sum}</th>
            <th scope="col">{words.shareOfSum}</th>
            <th scope="col">{words.mean}</th>
            <th scope="col">{words.median}</th>
          </tr>
        </thead>
        <tbody>
          {answer.segments.map(one => (
            <tr key={one.segment} data-segment={one.segment}>
              <th scope="row">
                {words.segments[one.segment] ?? one.segment}
                {one.limit !== null && one.limit > 0 && (
                  <span class="quiet"> {words.from(formatValue(one.limit, 'money'))}</span>
                )}
              </th>
              <td>{formatCount(one.persons)}</td>
              <td>{share(ofAll(one.persons))}</td>
              <td>{money(one.sum)}</td>
              <td>{share(one.share_of_sum)}</td>
              <td>{money(one.mean)}</td>
              <td>{money(one.median)}</td>
            </tr>
          ))}
          <tr data-segment="new">
            <th scope="row">{words.fresh}</th>
            <td>{formatCount(answer.new.persons)}</td>
            <td>{share(ofAll(answer.new.persons))}</td>
            <td>{money(answer.new.sum)}</td>
            <td>{share(answer.new.share_of_sum)}</td>
            <td>{money(answer.new.mean)}</td>
            <td>{money(answer.new.median)}</td>
          </tr>
        </tbody>
        <tfoot>
          <tr data-segment="total">
            <th scope="row">{words.total}</th>
            <td>{formatCount(answer.total.persons)}</td>
            <td />
            <td>{money(answer.total.sum)}</td>
            <td />
            <td />
            <td />
          </tr>
        </tfoot>
      </table>
    </Wide>
  )
}
