/** Every indicator by its words, as loops over plain events: shares no code with the product that it judges. */
import { activity } from './activity.ts'
import { advertising } from './advertising.ts'
import type { Calculation } from './answer.ts'
import { correlations } from './correlation.ts'
import { customers } from './customers.ts'
import { lifetimeValue } from './lifetime-value.ts'
import { listening } from './listening.ts'
import { marketing } from './marketing.ts'
import { retail } from './retail.ts'
import { sales } from './sales.ts'
import { site } from './site.ts'
import { stock } from './stock.ts'
import { subscriptions } from './subscriptions.ts'
import { surveys } from './surveys.ts'
import { tickets } from './tickets.ts'

/** By catalog id. */
export const calculations: ReadonlyMap<string, Calculation> = new Map<string, Calculation>(
  Object.entries({
    ...activity,
    ...advertising,
    ...correlations,
    ...customers,
    ...lifetimeValue,
    ...listening,
    ...marketing,
    revenue_growth: retail.sales_growth,
    segment_growth_rate: retail.sales_growth,
    ...retail,
    ...sales,
    ...site,
    ...stock,
    ...subscriptions,
    ...surveys,
    ...tickets,
  }),
)
