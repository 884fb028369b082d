/** Which Kivi a command speaks of. */
import { type Config, loadConfig } from '@kivi/service-kit'
import { type Endpoint, readEndpoint } from './endpoint.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface Located {
  readonly config: Config
  /** the Kivi that runs there, else null */
  readonly endpoint: Endpoint | null
}

/**
 * The Kivi of the environment. Where no directory is named and none runs on the default one, a demo that runs is
 * meant: who types `npm start` in one terminal and `npx kivi board` in another wants to see that board.
 */
export async function locateKivi(env: Environment): Promise<Located> {
  const config = loadConfig(env)
  const endpoint = await readEndpoint(config.data.directory)
  if (endpoint !== null || config.data.chosen || config.demo) return { config, endpoint }
  const demo = loadConfig({ ...env, KIVI_DEMO: 'on' })
  const running = await readEndpoint(demo.data.directory)
  return running === null ? { config, endpoint } : { config: demo, endpoint: running }
}
