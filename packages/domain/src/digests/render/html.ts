/**
 * A report as HTML that stands alone and is read in mail programs: no scripts, no pictures, no style sheet but what is
 * written beside each element, a table for the layout.
 */
import type { DigestAnswer } from '../types/answers.ts'
import { tellDigest } from './tell.ts'
import type { DigestCircumstances, ToldDigest, ToldIndicator, ToldLine } from './told.ts'

const CELL = 'padding:8px 10px;border-bottom:1px solid #e4e7ec;vertical-align:top;text-align:left'
const SMALL = 'font-size:12px;color:#475467'
const [GOOD, BAD] = ['#067647', '#b42318']

export function digestHtml(digest: DigestAnswer, circumstances: DigestCircumstances): string {
  const told = tellDigest(digest, circumstances)
  const { words, language } = told
  const paragraph = (text: string, style = ''): string =>
    `<p${style === '' ? '' : ` style="${style}"`}>${entities(text)}</p>`
  const heading = (text: string): string => `<h2 style="font-size:15px;margin:24px 0 8px">${entities(text)}</h2>`
  return [
    `<!doctype html><html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${entities(told.title)}</title></head>`,
    "<body style=\"font-family:system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;font-size:14px;line-height:1.5;color:#101828;max-width:900px;margin:0 auto;padding:16px\">",
    `<h1 style="font-size:20px;margin:0">${entities(told.title)}</h1>`,
    paragraph(told.period, `${SMALL};margin:4px 0 12px`),
    ...(told.description === '' ? [] : [paragraph(told.description)]),
    ...told.warnings.map(warning =>
      paragraph(`⚠️ ${warning}`, 'background:#fffaeb;border:1px solid #fedf89;border-radius:6px;padding:8px 12px'),
    ),
    ...(told.summary.length === 0 ? [] : [`<p>${told.summary.map(entities).join('<br>')}</p>`]),
    heading(words.indicators),
    tableOf(told),
    ...(told.actions.length === 0 ? [] : [heading(words.actions), listOf(told.actions)]),
    heading(words.alerts),
    paragraph(told.alertsSummary === '' ? words.noAlerts : told.alertsSummary),
    ...(told.alerts.length === 0 ? [] : [listOf(told.alerts)]),
    ...(digest.alerts.more > 0 ? [paragraph(words.more(digest.alerts.more))] : []),
    ...(told.url === null ? [] : [`<p><a href="${entities(told.url)}">${entities(words.open)}</a></p>`]),
    '</body></html>',
    '',
  ].join('\n')
}

function tableOf({ words, indicators }: ToldDigest): string {
  const { heads } = words
  const head = [heads.indicator, heads.value, heads.target, heads.status, heads.change, heads.trend]
  return [
    '<table style="border-collapse:collapse;width:100%">',
    `<thead><tr>${head.map(name => `<th scope="col" style="${CELL};${SMALL}">${entities(name)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...indicators.map(rowOf),
    '</tbody></table>',
  ].join('\n')
}

function rowOf(one: ToldIndicator): string {
  const small = (text: string): string => (text === '' ? '' : `<br><span style="${SMALL}">${entities(text)}</span>`)
  const color = one.good === null ? '' : `;color:${one.good ? GOOD : BAD}`
  const movers =
    one.movers === null
      ? ''
      : `<br><span style="${SMALL}">${entities(one.movers.head)}:<br>${one.movers.items.map(entities).join('<br>')}</span>`
  const cells = [
    `<strong>${one.northStar ? '★ ' : ''}${entities(one.name)}</strong>${movers}`,
    `<strong>${entities(one.value)}</strong>${small(one.notes.join(' · '))}`,
    `${entities(one.target)}${small(one.attainment)}`,
    `${one.icon} ${entities(one.status)}`,
    `<span style="white-space:normal${color}">${entities(one.change)}</span>`,
    `${entities(one.trend)}${small(one.spark)}`,
  ]
  return `<tr>${cells.map(cell => `<td style="${CELL}">${cell}</td>`).join('')}</tr>`
}

const listOf = (lines: readonly ToldLine[]): string =>
  `<ul style="padding-left:20px;margin:0">\n${lines.map(itemOf).join('\n')}\n</ul>`

const itemOf = ({ icon, headline, details }: ToldLine): string =>
  `<li style="margin-bottom:8px">${icon} <strong>${entities(headline)}</strong>${details.map(detail => `<br><span style="${SMALL}">${entities(detail)}</span>`).join('')}</li>`

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const
const entities = (text: string): string =>
  text.replace(/[&<>"']/g, character => ENTITIES[character as keyof typeof ENTITIES])
