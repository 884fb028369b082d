import type { Answer } from '@kivi/client'
import { formatCount, formatShare } from '../../format/numbers.ts'
import { Wide } from '../../parts/wide.tsx'
import { spoken, told } from '../../settings/language.ts'
import { WORDS } from './words.ts'

type Group = NonNullable<Answer<'funnel'>['groups']>[number]

/** The same funnel beside itself, group by group. */
export function Groups({
  groups,
  dimension,
  truncated,
}: {
  groups: readonly Group[]
  dimension: string
  truncated: boolean
}) {
  const words = spoken(WORDS)
  const steps = groups[0]?.steps ?? []
  return (
    <section class="panel">
      <Wide label={words.groups(dimension)}>
        <table>
          <caption>
            {words.groups(dimension)} {truncated && words.truncated}
          </caption>
          <thead>
            <tr>
              <th scope="col">{dimension}</th>
              <th scope="col">{words.persons}</th>
              {steps.slice(1).map(step => (
                <th key={step.name} scope="col">
                  {told(step.label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map(group => {
              const name = group.by[dimension] ?? ''
              return (
                <tr key={name} data-group={name}>
                  <th scope="row">{name || words.unnamed}</th>
                  <td>{formatCount(group.steps[0]?.persons ?? 0)}</td>
                  {group.steps.slice(1).map(step => (
                    <td key={step.name}>{step.overall === null ? '–' : formatShare(step.overall, 1)}</td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </Wide>
    </section>
  )
}
