import { describe, expect, it } from 'vitest'
import { loadCatalog } from './load.ts'
import { formatProblem } from './problems.ts'

const loaded = await loadCatalog(new URL('../../../catalog', import.meta.url).pathname)
if (loaded.problems) throw new Error(loaded.problems.map(formatProblem).join('\n'))
const { catalog } = loaded

describe('the shipped catalog', () => {
  it('has every event type, with what each event of it must have', () => {
    const required = Object.fromEntries([...catalog.eventTypes].map(([name, type]) => [name, type.required.join(' ')]))
    expect(required).toEqual({
      benefit: 'amount',
      campaign_contact: 'action',
      cart: 'action',
      checkout: 'action',
      click: '',
      content: '',
      cost: 'amount',
      engagement: '',
      feature_use: '',
      identify: '',
      impression: '',
      inventory: 'action',
      lead: '',
      login: '',
      mention: '',
      opportunity: 'opportunity_id action',
      outreach: '',
      page_view: '',
      product_launch: '',
      purchase: 'amount',
      refund: 'amount',
      search: '',
      signup: '',
      subscription: 'subscription_id action',
      survey: 'survey score',
      ticket: 'ticket_id action',
    })
  })

  it('gives every survey a scale', () => {
    const survey = catalog.eventTypes.get('survey')!.fields.get('survey')!
    expect(survey.kind === 'enum' && [...survey.values].sort()).toEqual([...catalog.surveys.keys()].sort())
  })

  it('labels and describes everything in English and Chinese', () => {
    const all = [...catalog.measures.values(), ...catalog.derivedMeasures.values(), ...catalog.indicators.values()]
    for (const { id, label, description } of all) {
      expect(
        [id, label.en, label.zh, description.en, description.zh].every(text => text),
        id,
      ).toBe(true)
      expect(label.zh, id).toMatch(/\p{Script=Han}|^CSAT|^NPS|^CSI/u)
    }
    for (const { name, description } of catalog.eventTypes.values())
      expect(description.en && description.zh, name).toBeTruthy()
  })

  it('has no two indicators under one label, unless they are one number', () => {
    const labels = new Map<string, string>()
    for (const indicator of catalog.indicators.values()) {
      for (const label of [indicator.label.en, `zh ${indicator.label.zh}`]) {
        expect(labels.get(label) ?? indicator.id, label).toBe(indicator.id)
        labels.set(label, indicator.id)
      }
    }
  })

  it('says of every declared indicator what a reader needs to steer by it', () => {
    const declared = [...catalog.indicators.values()].filter(i => i.owner !== null)
    expect(declared.length).toBeGreaterThan(120)
    for (const { id, level, kind, timing, strategy } of declared)
      expect(
        [level, kind, timing, strategy].every(v => v),
        id,
      ).toBe(true)
    for (const { id, parent } of declared)
      expect(parent === null || catalog.indicators.get(parent)!.owner !== null, id).toBe(true)
  })

  it.each([
    ['ctr', { ad_clicks: 287, ad_impressions: 60_000 }, null],
    ['net_revenue', { revenue: 100, refunds: 30 }, 70],
    ['profit', { net_revenue: 70, cost_of_goods: 20 }, 50],
    ['operating_profit', { profit: 50, costs: 60 }, -10],
    // 60 promoters, 25 passives, 15 detractors
    ['nps', { nps_promoters: 60, nps_detractors: 15, nps_answers: 100 }, 45],
    ['nps', { nps_promoters: 0, nps_detractors: 0, nps_answers: 0 }, null],
    // the middle of a scale from 1 to 10
    ['csi_index', { csi_score: 5.5 }, 50],
    ['csi_index', { csi_score: null }, null],
    ['word_of_mouth', { mentions_positive: 7, mentions_negative: 9, mentions: 20 }, -10],
    ['program_roi', { program_benefits: 150, program_costs: 100 }, 0.5],
    ['program_roi', { program_benefits: 150, program_costs: 0 }, null],
  ])('computes %s of %o', (id, inputs, value) => {
    const indicator = catalog.indicators.get(id)!
    if (indicator.type === 'ratio') expect([indicator.numerator, indicator.denominator]).toEqual(Object.keys(inputs))
    else if (indicator.type === 'derived') {
      expect([...indicator.inputs].sort()).toEqual(Object.keys(inputs).sort())
      expect(indicator.compute(inputs)).toBe(value)
    } else throw new Error(`${id} is simple`)
  })

  it('puts csi on the scale that kivi.yaml declares', () => {
    const { min, max } = catalog.surveys.get('csi')!
    const csi = catalog.indicators.get('csi_index')!
    if (csi.type !== 'derived') throw new Error('csi_index is not derived')
    expect([csi.compute({ csi_score: min }), csi.compute({ csi_score: max })]).toEqual([0, 100])
  })

  it.each([
    ['ad_clicks', { event_type: 'click', target: 'ad' }, true],
    ['ad_clicks', { event_type: 'click', target: 'link' }, false],
    ['ad_clicks', { event_type: 'click' }, false],
    ['csat_satisfied', { survey: 'csat', score: 4 }, true],
    ['csat_satisfied', { survey: 'csat', score: 3.9 }, false],
    ['nps_promoters', { survey: 'nps', score: 9 }, true],
    ['nps_promoters', { survey: 'nps', score: 8 }, false],
    ['nps_detractors', { survey: 'nps', score: 6 }, true],
    ['nps_detractors', { survey: 'nps', score: 7 }, false],
    ['nps_detractors', { survey: 'csat', score: 1 }, false],
    ['active_persons', { event_type: 'page_view' }, true],
    ['active_persons', { event_type: 'ticket', action: 'opened' }, true],
    ['active_persons', { event_type: 'ticket', action: 'responded' }, false],
    ['active_persons', { event_type: 'campaign_contact', action: 'participated' }, true],
    ['active_persons', { event_type: 'campaign_contact', action: 'targeted' }, false],
    ['social_engagement', { surface: 'social', kind: 'like' }, true],
    ['social_engagement', { surface: 'social', kind: 'dwell' }, false],
    ['social_engagement', { surface: 'site', kind: 'like' }, false],
  ])('counts in %s an event %o: %s', (id, event, counts) => {
    expect(catalog.measures.get(id)!.filter!.evaluate(event)).toBe(counts)
  })

  it('counts what is done to a person as no activity', () => {
    const { events } = catalog.measures.get('active_persons')!
    for (const passive of ['impression', 'refund', 'subscription', 'outreach']) expect(events).not.toContain(passive)
  })

  it('caps the dwell time of one view at half an hour', () => {
    const { expr } = catalog.measures.get('ad_dwell_time')!
    expect([
      expr!.evaluate({ dwell_seconds: 12 }),
      expr!.evaluate({ dwell_seconds: 7_200 }),
      expr!.evaluate({}),
    ]).toEqual([12, 1_800, null])
  })

  it('counts an order without order_id by its event', () => {
    expect(catalog.measures.get('purchases')).toMatchObject({ agg: 'count_distinct', distinct: 'order_id' })
    expect(catalog.eventTypes.get('purchase')!.defaults.get('order_id')).toBe('event_id')
  })

  it('ships the targets that the business case names', () => {
    const targets = [...catalog.indicators.values()].flatMap(i => i.targets.map(t => [i.id, t.value]))
    expect(Object.fromEntries(targets)).toEqual({
      ctr: 0.02,
      roas: 4,
      csat: 0.9,
      nps: 50,
      first_contact_resolution: 0.85,
      visitor_conversion_rate: 0.15,
      new_user_retention_d7: 0.35,
      new_user_retention_d30: 0.28,
      ltv_high: 3000,
      ltv_mid: 1500,
      ltv_low: 800,
      renewal_rate: 0.85,
      mrr_growth: 0.2,
      // half as much again as 20 %
      mql_to_sql_rate: 0.3,
      dwell_conversion: 0.1,
    })
  })
})
