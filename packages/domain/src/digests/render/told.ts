/** A report in words, before any syntax. */
import type { Status } from '../../indicators/targets.ts'
import type { DigestAnswer } from '../types/answers.ts'
import type { DigestLanguage, DigestWords } from './words.ts'

/** What is said beside the report itself. */
export interface DigestCircumstances {
  readonly language: DigestLanguage
  /** base address of the pages; null: nobody said */
  readonly externalUrl: string | null
  readonly test?: boolean
  readonly late?: boolean
  readonly missed?: readonly string[]
}

export interface ToldIndicator {
  readonly id: string
  readonly icon: string
  readonly name: string
  readonly northStar: boolean
  readonly value: string
  /** '' where there is none, as all that follows */
  readonly target: string
  readonly attainment: string
  readonly status: string
  readonly kind: Status
  readonly change: string
  /** is the change for the better; null: neither */
  readonly good: boolean | null
  readonly trend: string
  readonly spark: string
  /** what is to be known of the value: that it may change, … */
  readonly notes: readonly string[]
  /** the groups that moved most, with what they are groups of */
  readonly movers: { readonly head: string; readonly items: readonly string[] } | null
}

export interface ToldLine {
  readonly icon: string
  readonly headline: string
  readonly details: readonly string[]
}

export interface ToldDigest {
  readonly language: DigestLanguage
  readonly words: DigestWords
  readonly title: string
  /** `Weekly report, 2026-11-16 – 2026-11-22` */
  readonly period: string
  readonly description: string
  /** what is to be known before the numbers are read */
  readonly warnings: readonly string[]
  /** how many are on track, at risk, …; the best and the worst */
  readonly summary: readonly string[]
  readonly indicators: readonly ToldIndicator[]
  readonly actions: readonly ToldLine[]
  /** counts of alerts; '' where none fired or ended */
  readonly alertsSummary: string
  readonly alerts: readonly ToldLine[]
  /** the report's own page; null: nobody said where the pages are */
  readonly url: string | null
}

/** What is told with: the report, the words of a language, the names of its indicators, the clock of its zone. */
export interface Telling {
  readonly digest: DigestAnswer
  readonly words: DigestWords
  readonly language: DigestLanguage
  readonly names: ReadonlyMap<string, string>
  readonly clock: (time: string) => string
}
