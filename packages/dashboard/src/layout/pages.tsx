import { Route, Switch } from 'wouter-preact'
import { ErrorBoundary } from './error-boundary.tsx'
import { LazyPage } from './lazy-page.tsx'
import { NotFound } from './not-found.tsx'
import { ROUTES } from './routes.ts'

/** The page that an address names. */
export function Pages({ address }: { address: string }) {
  return (
    <ErrorBoundary of={address}>
      <Switch location={address}>
        {ROUTES.map(route => (
          <Route key={route.path} path={route.path}>
            {(params: Record<string, string>) => <LazyPage load={route.load} params={params} />}
          </Route>
        ))}
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </ErrorBoundary>
  )
}
