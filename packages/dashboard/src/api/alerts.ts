import { type Answer, createKivi } from '@kivi/client'
import { effect, signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { accessKey } from '../settings/key.ts'
import { language } from '../settings/language.ts'
import { ask, Refused } from './ask.ts'

export type Alerts = Answer<'alerts'>
export type Alert = Alerts['items'][number]
export type AlertRule = Alerts['rules'][number]

export interface KnownAlerts {
  /** the last answer, also while no newer one comes; null: none yet */
  readonly value: Alerts | null
  readonly refused: Refused | null
  readonly again: () => void
}

/** More alerts than anybody reads; the most urgent come first, and all are counted. */
export const MOST_ALERTS = 500
/** How far everything is evaluated is worth asking for now and then; what changes is told by the stream. */
const POLL_MS = 10_000
/** Several changes at once are one question. */
const GATHER_MS = 150
const STREAM_AGAIN_MS = 60_000

const known = signal<Omit<KnownAlerts, 'again'>>({ value: null, refused: null })
/** parts of the page that show alerts */
const watchers = signal(0)
/** streams that are open for something else, and tell of alerts besides */
const carriers = signal(0)
const visible = signal(document.visibilityState === 'visible')
document.addEventListener('visibilitychange', () => {
  visible.value = document.visibilityState === 'visible'
})

let timer = 0
/** what is asked now; an answer to an older question is dropped */
let question = 0

/** Asks at once, as after a change that the reader made. */
const askNow = () => askIn(0)

function askIn(ms: number): void {
  window.clearTimeout(timer)
  timer = window.setTimeout(async () => {
    const mine = ++question
    try {
      const value = await ask<Alerts>(`/v1/alerts?limit=${MOST_ALERTS}&lang=${language.peek()}`)
      if (mine === question) known.value = { value, refused: null }
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused('unexpected', 0, String(error))
      if (mine !== question) return
      known.value = { value: known.peek().value, refused }
      // another key may be let in; the same one is not, however often it asks
      if (refused.status >= 400 && refused.status < 500 && refused.status !== 429) return
    }
    if (mine === question && watchers.peek() > 0 && visible.peek()) askIn(POLL_MS)
  }, ms)
}

/** What a stream that is open anyway tells of alerts. */
export function hearAlerts(event: string): void {
  if ((event === 'alert' || event === 'start_over') && watchers.peek() > 0) askIn(GATHER_MS)
}

/** A stream is open, and tells of nothing that was before: what came since the list was asked for is on the list only. */
export const heardAnew = (): void => hearAlerts('start_over')

/** A stream is open for something else: no second one is needed. The answer says that it is closed. */
export function carryAlerts(): () => void {
  carriers.value++
  let isOpen = true
  return () => {
    if (isOpen) carriers.value--
    isOpen = false
  }
}

// the list, as long as somebody looks: in the language and for the key that are chosen
let askedFor = ''
effect(() => {
  const looked = watchers.value > 0 && visible.value
  const reader = `${language.value} ${accessKey.value}`
  if (!looked) return window.clearTimeout(timer)
  // what another key was shown is nobody else's
  if (askedFor !== '' && !askedFor.endsWith(` ${accessKey.value}`)) known.value = { value: null, refused: null }
  askedFor = reader
  askNow()
})

// a stream of its own where the page has none
effect(() => {
  const key = accessKey.value
  if (watchers.value === 0 || carriers.value > 0 || !visible.value) return
  const closing = new AbortController()
  let again = 0
  const listen = async () => {
    const kivi = createKivi(key === null ? {} : { key: () => key })
    try {
      // the smallest board there is: only the alerts are wanted
      const asked = { level: 'individual' } as const
      for await (const { event } of kivi.live({ asked, signal: closing.signal, onOpen: heardAnew })) hearAlerts(event)
    } catch {
      // no streams here, or too many: the list is asked for now and then all the same
      if (!closing.signal.aborted) again = window.setTimeout(listen, STREAM_AGAIN_MS)
    }
  }
  // a page with a stream of its own has opened it by then
  again = window.setTimeout(listen, GATHER_MS)
  return () => {
    window.clearTimeout(again)
    closing.abort()
  }
})

/** All alerts of interest and the rules, as they change: one list for all parts of the page. */
export function useAlerts(): KnownAlerts {
  useEffect(() => {
    watchers.value++
    return () => {
      watchers.value--
    }
  }, [])
  return { ...known.value, again: askNow }
}

/** The alerts about an indicator that fire now. */
export const firingOf = ({ value }: Pick<KnownAlerts, 'value'>, indicator: string): readonly Alert[] =>
  value?.items.filter(alert => alert.state === 'firing' && alert.indicator === indicator) ?? []
