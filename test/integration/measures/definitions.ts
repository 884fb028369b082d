/** Entities and measures of a shop, as a catalog would declare them. */
export const TICKETS = `
entities:
  ticket:
    key: ticket_id
    event: ticket
    fields:
      opened: { agg: min, expr: event_time, filter: action == 'opened' }
      resolved: { agg: min, expr: event_time, filter: action == 'resolved' }
      answers: { agg: list, filter: action == 'responded' }
      answered: { agg: min, expr: event_time, filter: action == 'responded' && (!has(automatic) || !automatic) }
      reopened: { agg: list, filter: action == 'reopened' }
      person: { agg: first, expr: person }
      topic: { agg: first, expr: topic }
    peers:
      again: { of: opened, same: [person, topic] }
measures:
  response_time: { entity: ticket, at: answered, agg: mean, expr: answered - opened, unit: seconds, dimensions: [topic] }
  response_time_p50: { entity: ticket, at: answered, agg: quantile, quantile: 0.5, expr: answered - opened, unit: seconds }
  tickets_resolved: { entity: ticket, at: resolved, agg: count, dimensions: [topic] }
  resolved_at_first_contact:
    entity: ticket
    at: resolved
    agg: count
    follow_up: 7d
    filter: "count(answers, 0, resolved) <= 1 && count(reopened, resolved, resolved + duration('7d')) == 0 && count(again, resolved, resolved + duration('7d')) == 0"
  tickets_open: { entity: ticket, as_of: end, agg: count, filter: has(opened) && !has(resolved) }
`

export const ORDERS = `
entities:
  order:
    key: order_id
    event: purchase
    fields:
      ordered: { agg: min, expr: event_time }
      amount: { agg: sum, expr: amount }
      returned: { event: refund, agg: list, expr: amount }
      person: { agg: first, expr: person }
    peers:
      other_orders: { of: ordered, same: [person] }
measures:
  orders: { entity: order, at: ordered, agg: count }
  order_amount: { entity: order, at: ordered, agg: sum, expr: amount, unit: money }
  returned_orders:
    { entity: order, at: ordered, agg: count, follow_up: 30d, filter: "count(returned, ordered, ordered + duration('30d')) > 0" }
  buyers: { entity: order, at: ordered, agg: count_distinct, distinct: person }
  repeat_buyers:
    entity: order
    as_of: end
    agg: count_distinct
    distinct: person
    filter: ordered >= window_start && count(other_orders, 0, window_end) > 0
  repeat_buyers_within:
    entity: order
    as_of: end
    agg: count_distinct
    distinct: person
    filter: ordered >= window_start && count(other_orders, window_start, window_end) > 0
  all_buyers: { entity: order, as_of: end, agg: count_distinct, distinct: person }
  all_repeat_buyers:
    { entity: order, as_of: end, agg: count_distinct, distinct: person, filter: "count(other_orders, 0, window_end) > 0" }
  purchase_interval:
    entity: order
    at: ordered
    agg: quantile
    quantile: 0.5
    expr: ordered - last_time(other_orders, 0, ordered)
    unit: days
`

export const PERSONS = `
entities:
  person:
    key: person
    fields:
      active: { event: active, agg: list }
      first_active: { event: active, agg: min, expr: event_time }
measures:
  active_persons: { entity: person, each: active, agg: count_distinct }
  active_before:
    entity: person
    as_of: end
    agg: count
    filter: count(active, window_start - (window_end - window_start), window_start) > 0
  retained:
    entity: person
    as_of: end
    agg: count
    filter: count(active, window_start - (window_end - window_start), window_start) > 0 && count(active, window_start, window_end) > 0
  churned:
    entity: person
    as_of: end
    agg: count
    filter: count(active, window_start - (window_end - window_start), window_start) > 0 && count(active, window_start, window_end) == 0
  known_before: { entity: person, as_of: end, agg: count, filter: "count(active, window_start - duration('90d'), window_start) > 0" }
  returned_persons:
    entity: person
    as_of: end
    agg: count
    filter: "count(active, window_start - duration('90d'), window_start) > 0 && count(active, window_start, window_end) > 0"
  cohort_d7:
    { entity: person, at: first_active, agg: count, filter: "day_start(day(first_active) + 8) <= known_until", follow_up_days: 8 }
  retained_d7:
    entity: person
    at: first_active
    agg: count
    follow_up_days: 8
    filter: "day_start(day(first_active) + 8) <= known_until && count(active, day_start(day(first_active) + 7), day_start(day(first_active) + 8)) > 0"
`

export const SUBSCRIPTIONS = `
entities:
  subscription:
    key: subscription_id
    event: subscription
    fields:
      started: { agg: min, expr: event_time, filter: action == 'started' }
      cancelled: { agg: min, expr: event_time, filter: action == 'cancelled' }
      mrr: { agg: last, expr: mrr }
      amounts: { agg: list, expr: mrr }
      due: { agg: list, filter: action == 'due' }
      renewed: { agg: list, filter: action == 'renewed' }
measures:
  mrr: { entity: subscription, as_of: end, agg: sum, expr: mrr, unit: money, filter: has(started) && !has(cancelled) }
  opening_mrr:
    entity: subscription
    as_of: end
    agg: sum
    unit: money
    expr: last(amounts, 0, window_start)
    filter: started < window_start && (!has(cancelled) || cancelled >= window_start)
  mrr_new: { entity: subscription, as_of: end, agg: sum, expr: mrr, unit: money, filter: started >= window_start && !has(cancelled) }
  mrr_expansion:
    entity: subscription
    as_of: end
    agg: sum
    unit: money
    expr: max(mrr - last(amounts, 0, window_start), 0)
    filter: started < window_start && !has(cancelled)
  mrr_contraction:
    entity: subscription
    as_of: end
    agg: sum
    unit: money
    expr: max(last(amounts, 0, window_start) - mrr, 0)
    filter: started < window_start && !has(cancelled)
  mrr_churn:
    entity: subscription
    as_of: end
    agg: sum
    unit: money
    expr: last(amounts, 0, window_start)
    filter: started < window_start && cancelled >= window_start
  mrr_kept_with_growth:
    { entity: subscription, as_of: end, agg: sum, unit: money, expr: mrr, filter: started < window_start && !has(cancelled) }
  mrr_kept:
    entity: subscription
    as_of: end
    agg: sum
    unit: money
    expr: min(mrr, last(amounts, 0, window_start))
    filter: started < window_start && !has(cancelled)
  renewals_due: { entity: subscription, each: due, agg: count, follow_up: 14d }
  renewals:
    entity: subscription
    each: due
    agg: count
    follow_up: 14d
    filter: "count(renewed, each_t - duration('30d'), each_t + duration('14d')) > 0"
`

export const OPPORTUNITIES = `
entities:
  opportunity:
    key: opportunity_id
    event: opportunity
    fields:
      created: { agg: min, expr: event_time, filter: action == 'created' }
      closed: { agg: min, expr: event_time, filter: "action in ['won', 'lost']" }
      outcome: { agg: first, expr: action, filter: "action in ['won', 'lost']" }
      amount: { agg: first, expr: amount, filter: "action in ['won', 'lost']" }
measures:
  closed_won: { entity: opportunity, at: closed, agg: count, filter: outcome == 'won' }
  closed: { entity: opportunity, at: closed, agg: count }
  closed_won_amount: { entity: opportunity, at: closed, agg: sum, expr: amount, unit: money, filter: outcome == 'won' }
  closed_amount: { entity: opportunity, at: closed, agg: sum, expr: amount, unit: money }
  created: { entity: opportunity, at: created, agg: count }
  created_won: { entity: opportunity, at: created, agg: count, filter: outcome == 'won' }
  created_open: { entity: opportunity, at: created, agg: count, filter: "!has(closed)" }
`

export const STOCK = `
entities:
  stock:
    key: product_id
    event: inventory
    fields:
      counted: { agg: list, expr: value, filter: action == 'counted' }
      taken_in: { agg: list, expr: value, filter: action == 'received' }
      taken_out: { agg: list, expr: value, filter: "action in ['sold', 'lost']" }
measures:
  stock_value:
    entity: stock
    as_of: end
    agg: sum
    unit: money
    empty: 'null'
    expr: last(counted) + sum(taken_in, last_time(counted), window_end) - sum(taken_out, last_time(counted), window_end)
  opening_stock_value:
    entity: stock
    as_of: end
    agg: sum
    unit: money
    empty: 'null'
    expr: last(counted, 0, window_start) + sum(taken_in, last_time(counted, 0, window_start), window_start) - sum(taken_out, last_time(counted, 0, window_start), window_start)
  count_loss:
    entity: stock
    each: counted
    agg: sum
    unit: money
    expr: last(counted, 0, each_t) + sum(taken_in, last_time(counted, 0, each_t), each_t) - sum(taken_out, last_time(counted, 0, each_t), each_t) - each_v
`

export const SESSIONS = `
entities:
  session:
    key: person
    split: { gap: 30m, own: own }
    fields:
      own: { event: active, agg: list }
      started: { event: active, agg: min, expr: event_time }
      pages: { event: page_view, agg: list, keep: [url] }
      source: { event: page_view, agg: first, expr: traffic_source }
  person:
    key: person
    fields:
      active: { event: active, agg: list }
measures:
  sessions: { entity: session, at: started, agg: count, dimensions: [source] }
  session_pages: { entity: session, at: started, agg: sum, expr: count(pages) }
  session_persons: { entity: session, at: started, agg: count_distinct, distinct: person }
  pages_seen: { entity: session, each: pages, agg: count, dimensions: [url] }
  active_persons: { entity: person, each: active, agg: count_distinct }
`
