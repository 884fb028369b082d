/** What the API answers, by the names of this page. */
import type { Answer } from '@kivi/client'

export type Detail = Answer<'indicator'>
export type Value = Answer<'value'>
export type Group = NonNullable<Value['groups']>[number]
export type Series = Answer<'series'>
export type Drivers = Answer<'drivers'>
export type Targets = Answer<'targets'>
export type Target = Targets['items'][number]
export type Attainment = Answer<'attainment'>
export type Actions = Answer<'actions'>
export type Correlations = Answer<'correlations'>
export type NorthStar = Answer<'northStar'>
