import type { Answer } from '@kivi/client'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { formatSeconds } from '../../format/spans.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken, told } from '../../settings/language.ts'
import { WORDS } from './words.ts'

type Step = Answer<'funnel'>['steps'][number]

/** The steps as a table whose bars narrow as persons are lost. */
export function Steps({ steps }: { steps: readonly Step[] }) {
  const words = spoken(WORDS)
  if ((steps[0]?.persons ?? 0) === 0) return <p>{words.nobody}</p>
  return (
    <Wide label={words.title}>
      <table class="funnel">
        <caption class="visually-hidden">{words.about}</caption>
        <thead>
          <tr>
            <th scope="col">{words.step}</th>
            <th scope="col" class="bar-head">
              <span class="visually-hidden">{words.overall}</span>
            </th>
            <th scope="col">{words.persons}</th>
            <th scope="col">{words.overall}</th>
            <th scope="col">{words.conversion}</th>
            <th scope="col">{words.lost}</th>
            <th scope="col">{words.took}</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <tr key={step.name} data-step={step.name} class={step.first_to_improve ? 'first' : undefined}>
              <th scope="row">
                {index + 1}. {told(step.label)}
                {step.first_to_improve && step.leverage != null && (
                  <span class="leverage">
                    <span class="pill badge">{words.first}</span> {words.leverage(formatCount(step.leverage))}
                  </span>
                )}
              </th>
              <td class="bar" aria-hidden="true">
                <div style={{ width: `${100 * (step.overall ?? 0)}%` }} />
              </td>
              <td>{formatCount(step.persons)}</td>
              <td>{step.overall === null ? '–' : formatShare(step.overall, 1)}</td>
              <td>
                {step.conversion === null ? '–' : formatShare(step.conversion, 1)}
                {step.interval !== null && (
                  <span class="interval">
                    {formatShare(step.interval[0] ?? 0, 1)} – {formatShare(step.interval[1] ?? 0, 1)}
                  </span>
                )}
              </td>
              <td>{index === 0 ? '–' : formatCount(step.lost)}</td>
              <td>{step.median_seconds === null ? '–' : formatSeconds(step.median_seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  )
}
