/** Surveys: answers with a score; an unrated survey is no answer. */
import { type Answer, type Calculation, divide, mean, type Question, ratio, sum } from './answer.ts'
import { type Happened, type History, inGroup, number, text } from './history.ts'

/** Scales and weights as the shipped catalog declares them. */
const CSI_SCALE = { min: 1, max: 10 }
const CSI_WEIGHTS = { overall: 2 }
const Z = 1.959964

const answersTo = (history: History, survey: string, { from, to, by }: Question): Happened[] =>
  history
    .of('survey', from, to)
    .filter(e => text(e, 'survey') === survey && !Number.isNaN(number(e, 'score')) && inGroup(e, by))

const scores = (history: History, survey: string, question: Question): number[] =>
  answersTo(history, survey, question).map(e => number(e, 'score'))

const meanScore =
  (survey: string): Calculation =>
  (history, question) => {
    const given = scores(history, survey, question)
    return { value: mean(given), parts: { sum: sum(given), count: given.length } }
  }

const shareOf =
  (survey: string, wanted: (score: number) => boolean, names: readonly [string, string]): Calculation =>
  (history, question) => {
    const given = scores(history, survey, question)
    return ratio([names[0], given.filter(wanted).length], [names[1], given.length])
  }

/** Each question counts by its weight, however many answered it. */
function csi(history: History, question: Question, weights: Readonly<Record<string, number>>): Answer {
  const byTopic = Map.groupBy(answersTo(history, 'csi', question), e => text(e, 'topic'))
  const indexes = [...byTopic].map(([topic, given]) => ({
    weight: weights[topic] ?? 1,
    index: (100 * (mean(given.map(e => number(e, 'score')))! - CSI_SCALE.min)) / (CSI_SCALE.max - CSI_SCALE.min),
  }))
  return {
    value: divide(sum(indexes.map(({ weight, index }) => weight * index)), sum(indexes.map(({ weight }) => weight))),
  }
}

/** With the adjusted Wald interval: three answers more, three quarters of one on each side. */
function nps(history: History, question: Question): Answer & { interval: [number, number] | null } {
  const given = scores(history, 'nps', question)
  const promoters = given.filter(score => score >= 9).length
  const detractors = given.filter(score => score <= 6).length
  const parts = { promoters, detractors, passives: given.length - promoters - detractors, answers: given.length }
  if (given.length === 0) return { value: null, parts, interval: null }
  const n = given.length + 3
  const p = (promoters + 0.75) / n
  const d = (detractors + 0.75) / n
  const spread = 100 * Math.sqrt((p + d - (p - d) ** 2) / n)
  const centre = 100 * (p - d)
  return {
    value: (100 * (promoters - detractors)) / given.length,
    parts,
    interval: [centre - Z * spread, centre + Z * spread],
  }
}

export const surveys = {
  csi: (history, question) => csi(history, question, CSI_WEIGHTS),
  csi_index: (history, question) => {
    const score = mean(scores(history, 'csi', question))
    return { value: score === null ? null : (100 * (score - CSI_SCALE.min)) / (CSI_SCALE.max - CSI_SCALE.min) }
  },
  csat: shareOf('csat', score => score >= 4, ['csat_satisfied', 'csat_answers']),
  nps,
  feedback_score: meanScore('rating'),
  employee_engagement: meanScore('employee'),
  brand_awareness: shareOf('awareness', score => score === 1, ['awareness_yes', 'awareness_answers']),
  brand_loyalty: meanScore('loyalty'),
} satisfies Record<string, Calculation>
