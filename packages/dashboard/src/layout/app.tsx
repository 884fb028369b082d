import { Route, Switch } from 'wouter-preact'
import { spoken, type Words } from '../settings/language.ts'
import { Header } from './header.tsx'
import { KeyPrompt } from './key-prompt.tsx'
import { LazyPage } from './lazy-page.tsx'
import { NotFound } from './not-found.tsx'
import { ROUTES } from './routes.ts'

const WORDS: Words<{ skip: string }> = { en: { skip: 'Skip to the content' }, zh: { skip: '跳到正文' } }

/** The frame of all pages. */
export function App() {
  return (
    <>
      <a class="skip" href="#content">
        {spoken(WORDS).skip}
      </a>
      <Header />
      <KeyPrompt />
      <main id="content" tabIndex={-1}>
        <Switch>
          {ROUTES.map(route => (
            <Route key={route.path} path={route.path}>
              {(params: Record<string, string>) => <LazyPage load={route.load} params={params} />}
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </main>
    </>
  )
}
