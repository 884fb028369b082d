/**
 * The tree of an expression over the row of an entity, after types are checked. Times and durations are numbers (ms)
 * by then; what is left of types is the shape in which a value is kept.
 */
import type { EntityField, EntityValueType } from '@kivi/domain'

/** number (also times and durations; null is NaN), text (null is ''), person (null is 0) */
export type Shape = 'number' | 'text' | 'person'

export const shapeOf = (type: EntityValueType): Shape => (type === 'text' || type === 'person' ? type : 'number')

/** Observations of a list at instants [from, to); null: no bound. */
export interface Bounded {
  readonly list: string
  readonly from: ValueNode | null
  readonly to: ValueNode | null
}

/** What names stand for beside fields. `person`: whose the row is. */
export type ContextName =
  | 'each_t'
  | 'each_v'
  | 'window_start'
  | 'window_end'
  | 'previous_start'
  | 'before_previous_start'
  | 'known_until'
  | 'person'

export type ValueNode =
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: 'text'; readonly value: string }
  | { readonly op: 'name'; readonly name: ContextName }
  /** a text that the observation carries along, counted from 0 */
  | { readonly op: 'kept'; readonly field: string; readonly index: number }
  /** the one value of a field */
  | {
      readonly op: 'scalar'
      readonly field: string
      readonly agg: Exclude<EntityField['agg'], 'list'>
      readonly shape: Shape
    }
  | { readonly op: '+' | '-' | '*' | '/' | 'min' | 'max'; readonly left: ValueNode; readonly right: ValueNode }
  | { readonly op: 'negate'; readonly of: ValueNode }
  | {
      readonly op: 'if'
      readonly shape: Shape
      readonly condition: ConditionNode
      readonly whenTrue: ValueNode
      readonly whenFalse: ValueNode
    }
  | ({ readonly op: 'count' | 'sum' | 'first_time' | 'last_time' } & Bounded)
  | ({ readonly op: 'first' | 'last'; readonly shape: Shape } & Bounded)
  /** local day number of a time; the start of a local day; the start of the local month of a time */
  | { readonly op: 'day' | 'day_start' | 'month_start'; readonly of: ValueNode; readonly zone: string }
  | { readonly op: 'business_time'; readonly left: ValueNode; readonly right: ValueNode; readonly clock: BusinessClock }

export type ConditionNode =
  | { readonly op: 'boolean'; readonly value: boolean }
  | { readonly op: '<' | '<=' | '>' | '>=' | '=='; readonly left: ValueNode; readonly right: ValueNode }
  /** a text that is one of the values; never null, as a missing text is '' */
  | { readonly op: 'is'; readonly text: ValueNode; readonly values: readonly string[] }
  /** two texts, or two persons, are the same; null where a person is nobody */
  | { readonly op: 'same'; readonly shape: 'text' | 'person'; readonly left: ValueNode; readonly right: ValueNode }
  /** a field has been observed */
  | { readonly op: 'observed'; readonly field: string }
  | { readonly op: 'present'; readonly shape: Shape; readonly of: ValueNode }
  | { readonly op: 'and' | 'or'; readonly left: ConditionNode; readonly right: ConditionNode }
  | { readonly op: 'not'; readonly of: ConditionNode }

/** Business hours as the wall clock of a zone shows them. */
export interface BusinessHours {
  /** 0 is Monday */
  readonly days: readonly number[]
  /** ms after midnight, [from, until) */
  readonly from: number
  readonly until: number
}

export interface BusinessClock extends BusinessHours {
  readonly zone: string
}

export type Checked =
  | { readonly type: Exclude<EntityValueType, 'boolean'>; readonly node: ValueNode }
  | { readonly type: 'boolean'; readonly node: ConditionNode }

/** What a name in an expression stands for. */
export type Meaning =
  | {
      readonly kind: 'scalar'
      readonly agg: Exclude<EntityField['agg'], 'list'>
      readonly type: EntityValueType
      readonly values?: readonly string[] | undefined
    }
  /** type null: its observations have no value */
  | { readonly kind: 'list'; readonly type: EntityValueType | null; readonly values?: readonly string[] | undefined }
  | { readonly kind: 'name'; readonly name: ContextName; readonly type: EntityValueType }
  | { readonly kind: 'kept'; readonly index: number }

export interface EntityScope {
  /** for messages: `ticket` */
  readonly entity: string
  readonly zone: string
  readonly businessHours: BusinessHours
  resolve(name: string): Meaning | { readonly error: string; readonly suggestion?: string | undefined }
}

/** Walks over every node of a tree, once each. */
export function visitNodes(node: ValueNode | ConditionNode, visit: (node: ValueNode | ConditionNode) => void): void {
  visit(node)
  const go = (child: ValueNode | ConditionNode | null): void => {
    if (child !== null) visitNodes(child, visit)
  }
  switch (node.op) {
    case 'negate':
    case 'not':
    case 'present':
    case 'day':
    case 'day_start':
    case 'month_start':
      return go(node.of)
    case 'is':
      return go(node.text)
    case 'if':
      go(node.condition)
      go(node.whenTrue)
      return go(node.whenFalse)
    case 'count':
    case 'sum':
    case 'first':
    case 'last':
    case 'first_time':
    case 'last_time':
      go(node.from)
      return go(node.to)
    case 'number':
    case 'text':
    case 'name':
    case 'kept':
    case 'scalar':
    case 'boolean':
    case 'observed':
      return
    default:
      go(node.left)
      go(node.right)
  }
}

/** fields and peers that a tree reads, sorted */
export function fieldsOf({ node }: Checked): string[] {
  const names = new Set<string>()
  visitNodes(node, n => {
    if (n.op === 'scalar' || n.op === 'observed') names.add(n.field)
    if ('list' in n) names.add(n.list)
  })
  return [...names].sort()
}

/** what else it reads: context names, and `each_k` where it reads a text that the observation carries along */
export function usesOf({ node }: Checked): string[] {
  const names = new Set<string>()
  visitNodes(node, n => {
    if (n.op === 'name') names.add(n.name)
    if (n.op === 'kept') names.add('each_k')
  })
  return [...names].sort()
}
