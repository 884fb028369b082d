import { useRef } from 'preact/hooks'
import { useLocation, useSearchParams } from 'wouter-preact'
import { usePlace } from '../api/use-place.ts'
import { spoken, type Words } from '../settings/language.ts'
import { Header } from './header.tsx'
import { KeyPrompt } from './key-prompt.tsx'
import { LazyPage } from './lazy-page.tsx'
import { Pages } from './pages.tsx'
import { useHeading } from './use-heading.ts'

const WORDS: Words<{ skip: string }> = { en: { skip: 'Skip to the content' }, zh: { skip: '跳到正文' } }
const NOTHING = {}
const loadWall = () => import('./tv/wall.tsx')

/** The frame of all pages. */
export function App() {
  const [address] = useLocation()
  const [parameters] = useSearchParams()
  const main = useRef<HTMLElement>(null)
  useHeading(main, address)
  usePlace(address)
  if (parameters.get('tv') === '1')
    return (
      <>
        <KeyPrompt />
        <main id="content" ref={main}>
          <LazyPage load={loadWall} params={NOTHING} />
        </main>
      </>
    )
  return (
    <>
      <a class="skip" href="#content">
        {spoken(WORDS).skip}
      </a>
      <Header />
      <KeyPrompt />
      <main id="content" tabIndex={-1} ref={main}>
        <Pages address={address} />
      </main>
    </>
  )
}
