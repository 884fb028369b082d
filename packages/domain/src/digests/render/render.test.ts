import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { fullDigest as full, sampleDigest, sampleIndicator } from '../testing.ts'
import { chatDigest } from './chat.ts'
import { digestHtml } from './html.ts'
import { digestMarkdown, plain } from './markdown.ts'
import { digestText } from './text.ts'

const EN = { language: 'en', externalUrl: 'https://kivi.example.com/' } as const
const EVIL = 'x <script>alert(1)</script> | [a](http://evil.example) ![i](//e) **b** _c_ `d` <!channel> @all #1 & "q"'
const dialect = {
  plain: (text: string) => text.replaceAll('<', '&lt;'),
  bold: (text: string) => `*${text}*`,
  link: (text: string, url: string) => `<${url}|${text}>`,
  paragraph: '\n\n',
  newline: '\n',
}

describe('a report in Markdown', () => {
  it('says what it is about, how each indicator stands, what was done and which alerts fired', () => {
    expect(digestMarkdown(full, EN)).toMatchInlineSnapshot(`
      "# Weekly growth

      Weekly report, 2026-11-16 – 2026-11-22

      For Monday.

      1 on track, 1 off track  
      Furthest ahead: Revenue  
      Furthest behind: Click-through rate

      ## Indicators

      | Indicator | Value | Target | Status | Change | Trend | Lately |
      | --- | --: | --: | --- | --- | --- | --- |
      | Click-through rate | 1.53% | 2%, 77% of it | 🔴 off track | -15% against the week before | falling (-0.1% a week) | █▅·▁ |
      | ★ Revenue | €120,000; may still change until 2026-12-01 00:00 | €100,000, 120% of it | 🟢 on track | +20% against the week before |  |  |

      **Click-through rate**, moved most, by campaign:

      - spring: 1% (-50%)
      - (none): 3% (+0.1%)
      - … and 3 more

      ## What was done

      - 🛠 **New bids**
        - 2026-11-17 11:00 · ann · campaign=spring
        - Lower bids at night.
        - Click-through rate: too early to tell
        - Revenue: +€900 against the trend before (95 %: +€500 … +€1,300)

      ## Alerts

      2 fired, 1 ended; 1 fired on at the end

      - ✅ **CtrLow campaign=x**
        - Click-through rate 1% · since 2026-11-18 11:00 · until 2026-11-18 12:00

      [Open in Kivi](https://kivi.example.com/digests/weekly_growth?period=2026-11-16)
      "
    `)
  })

  it('says the same in Chinese', () => {
    const text = digestMarkdown(full, { ...EN, language: 'zh' })
    for (const words of [
      '增长周报',
      '周报, 2026-11-16 – 2026-11-22',
      '点击率',
      '未达标',
      '较前一周',
      '所采取的措施',
      '告警',
      '在 Kivi 中查看',
    ])
      expect(text).toContain(plain(words))
    expect(text).not.toMatch(/\b(target|on track|week|fired)\b/)
  })

  it('says before the numbers what is doubtful of them', () => {
    const late = { ...EN, late: true, missed: ['2026-11-02', '2026-11-09'], test: true }
    const text = digestMarkdown(sampleDigest({ complete: false, watermark: '2026-11-22T12:00:00Z' }), late)
    const [warnings = ''] = text.split('## ')
    expect(text.split('> ⚠️ ')).toHaveLength(5)
    for (const words of ['for trying', 'up to 2026\\-11\\-22 13:00 only', 'due at 2026', '2026-11-02'])
      expect(text, warnings).toContain(words.replaceAll('\\-', '-'))
  })

  it('takes nothing that people wrote for markup', () => {
    const text = digestMarkdown(
      sampleDigest({
        title: { en: EVIL, zh: EVIL },
        indicators: [sampleIndicator({ label: { en: EVIL, zh: EVIL } })],
        actions: full.actions.map(action => ({ ...action, label: EVIL, description: EVIL, owner: EVIL })),
      }),
      EN,
    )
    expect(text).not.toMatch(/(?<!\\)<script/)
    expect(text).not.toMatch(/(?<!\\)\[a/)
    expect(text).not.toMatch(/(?<!\\)\*\*b/)
    expect(text).not.toMatch(/(?<!\\):\/\/evil/)
    // every row of the table has the same cells
    const rows = text.split('\n').filter(line => line.startsWith('|'))
    expect(new Set(rows.map(row => row.split(/(?<!\\)\|/).length)).size).toBe(1)
  })
})

describe('a report as HTML', () => {
  it('stands alone: no script, no address but the link to its page, every style beside its element', () => {
    const html = digestHtml(full, EN)
    expect(html).toMatch(/^<!doctype html><html lang="en">/)
    expect(html).not.toMatch(/<(script|link|img|iframe|style|form)\b/)
    expect([...html.matchAll(/\b(?:href|src)="([^"]*)"/g)].map(match => match[1])).toEqual([
      'https://kivi.example.com/digests/weekly_growth?period=2026-11-16',
    ])
    for (const words of [
      'Revenue',
      '€120,000',
      '▁',
      'Lower bids at night.',
      'CtrLow campaign=x',
      'moved most, by campaign',
    ])
      expect(html).toContain(words)
  })

  it('takes nothing that people wrote for markup', () => {
    const html = digestHtml(
      sampleDigest({
        title: { en: EVIL, zh: EVIL },
        description: { en: EVIL, zh: EVIL },
        indicators: [sampleIndicator({ label: { en: EVIL, zh: EVIL } })],
        actions: full.actions.map(action => ({
          ...action,
          label: EVIL,
          description: EVIL,
          owner: EVIL,
          by: { x: EVIL },
        })),
        alerts: { ...full.alerts, items: full.alerts.items.map(alert => ({ ...alert, labels: { campaign: EVIL } })) },
      }),
      EN,
    )
    expect(html).not.toContain('<script')
    expect(html).not.toContain('<!channel')
    expect(html).not.toContain('"q"')
    expect(html.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(5)
  })

  it('says so where no alert fired', () => {
    expect(digestHtml(sampleDigest(), EN)).toContain('None fired.')
  })
})

describe('a report in a chat', () => {
  it('has an item an indicator, and one for what was done and the alerts', () => {
    const report = chatDigest(full, EN, dialect)
    expect(report.items).toBe(3)
    const all = report.paragraphs(3).join('\n\n')
    for (const words of [
      '*★ Revenue* €120,000',
      '🔴 *Click-through rate* 1.53%',
      'New bids',
      'too early to tell',
      'CtrLow',
    ])
      expect(all).toContain(words)
    const first = report.paragraphs(1).join('\n\n')
    expect(first).not.toContain('Revenue* €')
    expect(first).toContain('<https://kivi.example.com/digests/weekly_growth?period=2026-11-16|… and 1 more indicator>')
  })

  it('counts what it leaves out of many actions', () => {
    const actions = Array.from({ length: 12 }, (_, id) => ({
      ...full.actions[0]!,
      id: String(id),
      label: `Action ${id}`,
    }))
    const text = chatDigest({ ...full, actions }, EN, dialect)
      .paragraphs(3)
      .join('\n')
    expect(text).toContain('Action 4')
    expect(text).not.toContain('Action 5')
    expect(text).toContain('… and 7 more')
  })

  it('is plain text in the other part of a mail', () => {
    const text = digestText(full, EN)
    expect(text).toContain('Open in Kivi: https://kivi.example.com/digests/weekly_growth?period=2026-11-16')
    expect(text).not.toMatch(/\*\*|<|\\/)
  })
})

describe('docs/digests.md', () => {
  it('shows reports as they are', async () => {
    const page = await readFile(new URL('../../../../../docs/digests.md', import.meta.url), 'utf8')
    const block = (language: string): string => {
      const [, after = ''] = page.split(`\n\`\`\`${language}\n`)
      return after.slice(0, after.indexOf('\n```\n') + 1)
    }
    expect(block('markdown')).toBe(digestMarkdown(full, EN))
    expect(block('text')).toBe(digestText(full, EN))
    expect(JSON.parse(block('json'))).toEqual(sampleDigest())
  })
})
