/** What Kivi set out to measure, row by row, with the shipped indicators that do. */

export interface Row {
  /** the names under which a row is known */
  readonly names: readonly string[]
  /** catalog ids: the row's own names first, then variants and companions */
  readonly ids: readonly string[]
}

const row = (names: string, more = ''): Row => ({
  names: names.split(' '),
  ids: [...names.split(' '), ...more.split(' ').filter(Boolean)],
})
const named = (names: string, ids: string): Row => ({ names: names.split(' '), ids: ids.split(' ') })

export const ROWS: Readonly<Record<string, readonly Row[]>> = {
  Advertising: [
    row('ctr'),
    row('ad_conversion_rate'),
    row('roas roas_net', 'ad_spend'),
    row('cpa'),
    row('ad_dwell'),
    row('ad_interactions', 'ad_interactions_per_person'),
    row('email_click_through', 'email_clicks_per_delivery'),
    row('cta_conversion'),
  ],
  Service: [
    row('csi', 'csi_index'),
    row('csat'),
    row('nps'),
    row('first_contact_resolution'),
    row('complaints complaint_rate'),
    row('response_time', 'response_time_p50 response_time_p90 response_time_business'),
    row('awaiting_response', 'awaiting_response_age'),
    row('resolution_time'),
    row('tickets_resolved tickets_open'),
    row('feedback_score'),
    row('employee_engagement'),
  ],
  'Retail and sales': [
    row('transaction_amount net_revenue'),
    row('profit', 'operating_profit'),
    row('average_transaction_value', 'purchases customers'),
    row('visitor_conversion_rate', 'orders_per_session'),
    row('inventory_turnover', 'inventory_turnover_annual stock_value_mean'),
    row('days_in_inventory'),
    row('inventory_loss', 'inventory_loss_units inventory_loss_rate'),
    row('gross_margin', 'gross_margin_coverage'),
    row('sales_growth', 'sales_growth_yoy'),
    row('calls emails'),
    row('win_rate opportunity_conversion', 'win_rate_by_amount opportunity_conversion_by_amount'),
    row('return_rate', 'return_rate_by_value'),
    row('shipping_cost', 'shipping_cost_per_order'),
    row('return_on_assets'),
  ],
  'Customers over time': [
    row('dau wau mau', 'dau_mean dau_mean_30d'),
    row('stickiness'),
    row('login_frequency'),
    named('new_user_retention_d1 _d7 _d30', 'new_user_retention_d1 new_user_retention_d7 new_user_retention_d30'),
    named(
      'period_retention_7d _30d customer_retention_rate',
      'period_retention_7d period_retention_30d customer_retention_rate customer_churn_rate',
    ),
    row('returning_user_activity'),
    row('churn_rate subscription_churn_rate'),
    row('win_back_rate'),
    row(
      'repeat_purchase_rate',
      'repeat_purchase_rate_within_window repeat_purchase_rate_all_buyers repeat_purchase_rate_cohort_90d',
    ),
    row('purchase_frequency purchase_interval'),
    row(
      'ltv ltv_margin ltv_historic ltv_to_cac cac_payback_months',
      'ltv_by_churn ltv_cohort orders_per_month customer_months_by_churn gross_margin_value net_revenue_to_date new_customers',
    ),
    named('ltv_by_value_segment', 'ltv_high ltv_high_median ltv_mid ltv_mid_median ltv_low ltv_low_median'),
    row('renewal_rate'),
    row(
      'mrr mrr_growth net_revenue_retention gross_revenue_retention',
      'mrr_new mrr_expansion mrr_contraction mrr_churn',
    ),
    row('feature_usage_rate feature_adoption'),
  ],
  Marketing: [
    row('market_penetration', 'customers_365d'),
    row('cac'),
    row('marketing_roi'),
    row('segment_growth_rate'),
    row('touchpoint_conversion', 'touchpoint_conversion_first touchpoint_conversion_any'),
    row('participation_rate campaign_response_rate'),
    row('campaign_sales_conversion'),
    row('customer_acquisition_growth'),
    row('brand_awareness'),
    row('brand_loyalty'),
    row('word_of_mouth'),
    row('market_share market_share_change'),
    row('leads', 'open_leads mql_to_sql_rate'),
  ],
  'Site and social': [
    row('traffic', 'page_views visitors'),
    row('invalid_traffic_rate', 'invalid_events events_received'),
    row('traffic_source_share', 'traffic_source_share_last'),
    row('pages_per_session sessions_per_user', 'sessions'),
    row('bounce_rate'),
    row('social_engagement'),
    row('posts_published'),
    row('cart_abandonment search_conversion'),
    row('dwell_conversion', 'dwell_conversion_short dwell_conversion_difference dwell_conversion_ratio'),
    named('funnel', 'checkout_funnel visit_to_order_funnel'),
  ],
  'Value of listening': [
    row('program_roi'),
    row('revenue_growth'),
    row('operating_efficiency'),
    row('product_innovation'),
    row('satisfaction_sales_correlation'),
    named('churn_reasons', '/v1/churn-reasons'),
  ],
}
