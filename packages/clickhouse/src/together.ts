import { setImmediate } from 'node:timers'

/**
 * Questions that come in one turn of the event loop become one: whoever asks need not know of the others.
 * @param answer gives one answer per question, in their order; where it fails, all of them fail
 * @param most so many at once
 */
export function together<Question, Answer>(
  answer: (questions: readonly Question[]) => Promise<readonly Answer[]>,
  most: number,
): (question: Question) => Promise<Answer> {
  let waiting: Array<{ question: Question } & Pick<PromiseWithResolvers<Answer>, 'resolve' | 'reject'>> = []

  const ask = (): void => {
    const asked = waiting
    waiting = []
    answer(asked.map(({ question }) => question)).then(
      answers => {
        for (const [index, { resolve }] of asked.entries()) resolve(answers[index] as Answer)
      },
      (error: unknown) => {
        for (const { reject } of asked) reject(error)
      },
    )
  }
  return question => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    waiting.push({ question, resolve, reject })
    if (waiting.length === most) ask()
    else if (waiting.length === 1) setImmediate(() => waiting.length > 0 && ask())
    return promise
  }
}
