import { iso, type Promised } from './evidence.ts'

/** Transitions and their instants are those of an evaluator that never stopped, each decided once, without a gap. */
export const decidedAsWithoutStops: Promised = ({ expected, log: { facts } }) => {
  const decided = facts.flatMap(fact =>
    fact.fact === 'firing' || fact.fact === 'resolved'
      ? [`${fact.labels['campaign']} ${fact.fact} ${iso(fact.instant)}`]
      : [],
  )
  const should = expected.flatMap(({ campaign, startsAt, endsAt }) => [
    `${campaign} firing ${iso(startsAt)}`,
    `${campaign} resolved ${iso(endsAt)}`,
  ])
  const gaps = facts.filter(({ fact }) => fact === 'gap').length
  return [
    ...should.filter(line => !decided.includes(line)).map(line => `never decided: ${line}`),
    ...decided
      .filter((line, i) => !should.includes(line) || decided.indexOf(line) !== i)
      .map(line => `wrongly decided: ${line}`),
    ...(gaps > 0 ? [`${gaps} gaps`] : []),
  ]
}
