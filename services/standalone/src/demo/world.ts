/** What the simulated storefront sells, to whom, and how it advertises. All figures are invented. */

export interface Campaign {
  readonly name: string
  readonly channel: string
  /** share of all impressions */
  readonly weight: number
  /** of a fresh campaign */
  readonly clickRate: number
  /** how much more (or less) its visitors buy */
  readonly buying: number
  /** paid per thousand impressions */
  readonly costPerThousand: number
  /** people tire of it: its click rate halves in this many days, and it is renewed every 28 days */
  readonly halfLifeDays: number
}

export const CAMPAIGNS: readonly Campaign[] = [
  {
    name: 'autumn-harvest',
    channel: 'search',
    weight: 0.26,
    clickRate: 0.031,
    buying: 1.5,
    costPerThousand: 14,
    halfLifeDays: 90,
  },
  {
    name: 'morning-ritual',
    channel: 'social',
    weight: 0.3,
    clickRate: 0.021,
    buying: 1,
    costPerThousand: 6,
    halfLifeDays: 60,
  },
  {
    name: 'first-order-10',
    channel: 'display',
    weight: 0.18,
    clickRate: 0.016,
    buying: 1.2,
    costPerThousand: 5,
    halfLifeDays: 60,
  },
  {
    name: 'retargeting',
    channel: 'display',
    weight: 0.12,
    clickRate: 0.034,
    buying: 2.1,
    costPerThousand: 22,
    halfLifeDays: 18,
  },
  {
    name: 'influencer-test',
    channel: 'social',
    weight: 0.14,
    clickRate: 0.026,
    buying: 0.35,
    costPerThousand: 11,
    halfLifeDays: 25,
  },
]

export interface Product {
  readonly id: string
  readonly category: string
  readonly price: number
  /** cost of goods ÷ price */
  readonly cost: number
  /** share of its orders that come back */
  readonly returned: number
  readonly weight: number
}

export const PRODUCTS: readonly Product[] = [
  { id: 'espresso-blend', category: 'coffee', price: 14.9, cost: 0.42, returned: 0.01, weight: 22 },
  { id: 'single-origin', category: 'coffee', price: 18.5, cost: 0.48, returned: 0.01, weight: 15 },
  { id: 'decaf', category: 'coffee', price: 15.9, cost: 0.46, returned: 0.02, weight: 8 },
  { id: 'green-tea', category: 'tea', price: 11.5, cost: 0.38, returned: 0.01, weight: 12 },
  { id: 'oolong', category: 'tea', price: 24, cost: 0.41, returned: 0.02, weight: 7 },
  { id: 'hand-grinder', category: 'equipment', price: 89, cost: 0.61, returned: 0.09, weight: 5 },
  { id: 'drip-kettle', category: 'equipment', price: 64, cost: 0.58, returned: 0.07, weight: 6 },
  { id: 'paper-filters', category: 'equipment', price: 6.5, cost: 0.35, returned: 0.005, weight: 13 },
  { id: 'mug', category: 'gifts', price: 17, cost: 0.33, returned: 0.05, weight: 9 },
  { id: 'tasting-set', category: 'gifts', price: 39, cost: 0.45, returned: 0.03, weight: 6 },
]

export const PRODUCT_WEIGHTS = PRODUCTS.map(product => [product, product.weight] as const)

export const REGIONS = [
  ['north', 30],
  ['south', 26],
  ['east', 24],
  ['west', 20],
] as const

/** Segments by value to the shop, and how eagerly they buy. */
export const SEGMENTS = [
  ['high', 12],
  ['mid', 38],
  ['low', 50],
] as const
export const BUYING_OF_SEGMENT: Readonly<Record<string, number>> = { high: 2.2, mid: 1.1, low: 0.6, new: 0.5 }

export const SOURCES = [
  ['direct', 30],
  ['search', 26],
  ['ad', 22],
  ['social', 10],
  ['email', 8],
  ['referral', 4],
] as const

export const QUERIES = [
  'espresso',
  'decaf',
  'gift',
  'grinder',
  'filter',
  'oolong',
  'organic',
  'kettle',
  'sample',
] as const

export const TOPICS = [
  ['delivery', 34],
  ['product', 22],
  ['payment', 14],
  ['return', 20],
  ['account', 10],
] as const

export const AGENTS = ['ana', 'bo', 'chen', 'dora', 'emil'] as const
