/** What a receiver may do to a message, and whether it says so. */
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Hook, type Told } from '../../integration/alerts/hook.ts'

/** `taken`: it has it; `refused`: it certainly has not; `doubtful`: the sender cannot know */
type Outcome = 'taken' | 'refused' | 'doubtful'

/** one gets all campaigns in one group, the other each in its own */
export const RECEIVERS = ['all', 'each'] as const

export interface Heard extends Told {
  did: string
  outcome: Outcome
}

type Deed = readonly [name: string, outcome: Outcome, act: (response: ServerResponse) => void | Promise<void>]

const end =
  (status: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, headers).end()

const WELL: Deed = ['200', 'taken', end(200)]
const ILL: readonly Deed[] = [
  ['500', 'doubtful', end(500)],
  ['503', 'refused', end(503)],
  ['429', 'refused', end(429, { 'retry-after': '1' })],
  ['never answers', 'doubtful', () => {}],
  ['takes it and hangs up', 'doubtful', response => void response.destroy()],
  [
    'answers after the time-out',
    'doubtful',
    async response => {
      await sleep(2_500)
      if (!response.destroyed) response.writeHead(200).end()
    },
  ],
]

/** A receiver of which every nth request goes wrong, in all ways. */
export async function openReceiver(random: () => number): Promise<{ hook: Hook; heard: Heard[]; heal(): void }> {
  const hook = await Hook.open()
  const heard: Heard[] = []
  let share = 0.35
  hook.answering = (told, response) => {
    const [did, outcome, act] = random() < share ? ILL[Math.floor(random() * ILL.length)]! : WELL
    heard.push(Object.assign(told, { did, outcome }))
    void act(response)
  }
  return {
    hook,
    heard,
    heal() {
      share = 0
    },
  }
}
