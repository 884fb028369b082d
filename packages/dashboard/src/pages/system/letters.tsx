import { formatCount } from '../../format/numbers.ts'
import { formatMoment } from '../../format/times.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken } from '../../settings/language.ts'
import type { System } from './findings.ts'
import { reasonTold } from './reasons.ts'
import { WORDS } from './words.ts'

/** What was set aside, by reason, and the newest of it. */
export function Letters({ letters }: { letters: NonNullable<System['dead_letters']> }) {
  const words = spoken(WORDS)
  if (letters.reasons.length === 0) return <p>{words.noLetters}</p>
  return (
    <>
      <Wide label={words.letters}>
        <table>
          <caption class="visually-hidden">{words.letters}</caption>
          <thead>
            <tr>
              <th scope="col">{words.reason}</th>
              <th scope="col">{words.number}</th>
              <th scope="col" class="words">
                {words.means}
              </th>
              <th scope="col" class="words">
                {words.helps}
              </th>
            </tr>
          </thead>
          <tbody>
            {letters.reasons.map(({ reason, letters: number }) => {
              const [means, helps] = reasonTold(reason) ?? ['', '']
              return (
                <tr key={reason} data-reason={reason}>
                  <th scope="row">
                    <code>{reason}</code>
                  </th>
                  <td>{formatCount(number)}</td>
                  <td class="words">{means}</td>
                  <td class="words">{helps}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Wide>
      {letters.more && <p class="quiet">{words.more}</p>}
      <h3>{words.newestLetters}</h3>
      <Wide label={words.newestLetters}>
        <table>
          <caption class="visually-hidden">{words.newestLetters}</caption>
          <thead>
            <tr>
              <th scope="col">{words.when}</th>
              <th scope="col" class="words">
                {words.reason}
              </th>
              <th scope="col" class="words">
                {words.detail}
              </th>
              <th scope="col" class="words">
                {words.where}
              </th>
            </tr>
          </thead>
          <tbody>
            {letters.newest.map(({ id, reason, detail, at }) => (
              <tr key={id} data-letter={id}>
                <td>{formatMoment(at)}</td>
                <td class="words">
                  <code>{reason}</code>
                </td>
                <td class="words" lang="en">
                  {detail}
                </td>
                <td class="words">
                  <code>{id}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  )
}
