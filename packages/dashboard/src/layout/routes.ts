import type { FunctionComponent } from 'preact'
import type { Words } from '../settings/language.ts'

/** A page: its address, its name in the navigation (none: reached from another page) and its code, loaded when needed. */
export interface PageRoute {
  readonly path: string
  readonly name?: Words<string>
  readonly load: () => Promise<{ readonly default: FunctionComponent<{ readonly params: Record<string, string> }> }>
}

/** Every page; `PAGES` of location.ts tells the server the same addresses. */
export const ROUTES: readonly PageRoute[] = [
  { path: '/', name: { en: 'Board', zh: '看板' }, load: () => import('../pages/board/index.tsx') },
  { path: '/indicators/:id', load: () => import('../pages/indicator/index.tsx') },
  { path: '/hierarchy', name: { en: 'Hierarchy', zh: '层级' }, load: () => import('../pages/hierarchy/index.tsx') },
  { path: '/retention', name: { en: 'Retention', zh: '留存' }, load: () => import('../pages/retention/index.tsx') },
  { path: '/funnels', name: { en: 'Funnels', zh: '漏斗' }, load: () => import('../pages/funnels/index.tsx') },
  { path: '/funnels/:id', load: () => import('../pages/funnels/index.tsx') },
  { path: '/segments', name: { en: 'Customers', zh: '客户' }, load: () => import('../pages/segments/index.tsx') },
  { path: '/actions', name: { en: 'Actions', zh: '措施' }, load: () => import('../pages/actions/index.tsx') },
  { path: '/alerts', name: { en: 'Alerts', zh: '告警' }, load: () => import('../pages/alerts/index.tsx') },
  { path: '/digests', name: { en: 'Digests', zh: '报告' }, load: () => import('../pages/digests/index.tsx') },
  { path: '/digests/:id', load: () => import('../pages/digests/index.tsx') },
  { path: '/system', name: { en: 'System', zh: '系统' }, load: () => import('../pages/system/index.tsx') },
]
