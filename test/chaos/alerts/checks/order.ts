import { iso, type Promised } from './evidence.ts'

/** No request of a deposed leader after the first of the new one. */
export const nobodyDeposed: Promised = ({ heard, log: { leaders } }) =>
  leaders.flatMap(({ name, since }, i) => {
    const sender = name.split('/').at(-1)
    const until = leaders[i + 1]?.since ?? Number.POSITIVE_INFINITY
    const first = heard.find(one => one.sender === sender && one.at >= since && one.at < until)
    if (first === undefined) return []
    return heard
      .filter(other => other.sender !== sender && other.at > first.at && other.at < until)
      .map(other => `${other.sender} sent ${other.key} after ${sender} led and sent at ${iso(first.at)}`)
  })

/** Of the first copies of messages, none comes before one with a smaller number. */
export const inOrder: Promised = ({ heard }) => {
  const firsts = [...Map.groupBy(heard, ({ key }) => key).values()].map(([first]) => first!)
  return [...Map.groupBy(firsts, ({ lane }) => lane)].flatMap(([lane, own]) =>
    own.flatMap((one, i) =>
      i > 0 && one.sequence <= own[i - 1]!.sequence ? [`${lane}: ${one.sequence} came out of order`] : [],
    ),
  )
}
