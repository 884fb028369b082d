/** What people were told in one cell of the matrix, held against what they should have been. */

/** One alert of a message. */
export interface Heard {
  readonly alertname: string
  readonly status: 'firing' | 'resolved'
  readonly startsAt: string
  /** of the message: what comes again under it is known to be the same */
  readonly key: string
}

export interface Expected {
  /** each is told once, and its end once */
  readonly alerts: readonly string[]
  /** may be told besides, once, with its end */
  readonly perhaps?: readonly string[]
}

/** Sentences about what is wrong; none: it is as it should be. */
export function findWrong(heard: readonly Heard[], { alerts, perhaps = [] }: Expected): string[] {
  const byName = Map.groupBy(heard, ({ alertname }) => alertname)
  const names = new Set([...alerts, ...perhaps])
  return [
    ...alerts.flatMap(name => (byName.has(name) ? [] : [`nobody was told of ${name}`])),
    ...[...byName].flatMap(([name, own]) =>
      names.has(name) ? once(name, own) : [`${name} was told, and means nothing`],
    ),
  ]
}

/** One firing and one end, each under one key, the end last. An end may be all that is told of what was over by then. */
function once(name: string, own: readonly Heard[]): string[] {
  const wrong: string[] = []
  const episodes = Map.groupBy(own, ({ startsAt }) => startsAt)
  if (episodes.size > 1) wrong.push(`${name} was told of ${episodes.size} times`)
  for (const episode of episodes.values())
    for (const status of ['firing', 'resolved'] as const) {
      const keys = new Set(episode.filter(one => one.status === status).map(({ key }) => key))
      if (keys.size > 1) wrong.push(`${name} was told as ${status} under ${keys.size} keys`)
      if (keys.size === 0 && status === 'resolved') wrong.push(`nobody was told that ${name} is over`)
    }
  const end = own.findIndex(({ status }) => status === 'resolved')
  if (end >= 0 && own.slice(end).some(({ status, key }) => status === 'firing' && isNew(key, own.slice(0, end))))
    wrong.push(`${name} was told as firing after its end`)
  return wrong
}

/** A late copy of a message that was there before is known by its key. */
const isNew = (key: string, before: readonly Heard[]): boolean => !before.some(one => one.key === key)
