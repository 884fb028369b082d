/** A notification as a mail: plain text, and the same as HTML that mail programs draw. */
import type { Notification } from '@kivi/domain'
import { type Line, lineOf, pageOf, titleOf } from './message.ts'
import { wordsOf } from './words.ts'

/** @param count how many alerts are written out */
export function textOf(notification: Notification, count: number, timezone: string): string {
  const lines = notification.alerts.slice(0, count).map(alert => lineOf(alert, notification, timezone))
  const page = pageOf(notification)
  const paragraphs = lines.map(({ icon, headline, details, description, runbook, alert }) =>
    [
      `${icon} ${headline}`,
      `   ${details.join(' · ')}`,
      ...[description, runbook, alert.url].filter(Boolean).map(each => `   ${each}`),
    ].join('\n'),
  )
  const rest = [...restOf(notification, count), ...(page === null ? [] : [page])].join('\n')
  return [titleOf(notification), ...paragraphs, rest].filter(text => text !== '').join('\n\n')
}

const CELL = 'padding:8px 12px;border-bottom:1px solid #e4e7ec;vertical-align:top'

export function htmlOf(notification: Notification, count: number, timezone: string): string {
  const lines = notification.alerts.slice(0, count).map(alert => lineOf(alert, notification, timezone))
  const page = pageOf(notification)
  const rest = restOf(notification, count).map(text => `<p>${entities(text)}</p>`)
  const open = page === null ? '' : `<p><a href="${entities(page)}">${entities(wordsOf(notification).open)}</a></p>`
  const color = notification.status === 'resolved' ? '#067647' : '#b42318'
  return [
    `<!doctype html><html lang="${notification.language}"><head><meta charset="utf-8"></head>`,
    '<body style="font-family:system-ui,sans-serif;font-size:14px;line-height:1.5;color:#101828">',
    `<h1 style="font-size:18px;color:${color}">${entities(titleOf(notification))}</h1>`,
    '<table style="border-collapse:collapse;width:100%">',
    ...lines.map(rowOf),
    `</table>${rest.join('')}${open}</body></html>`,
  ].join('\n')
}

function rowOf({ icon, headline, details, description, runbook, alert }: Line): string {
  const title = `<strong>${entities(headline)}</strong>`
  const linked = alert.url === null ? title : `<a href="${entities(alert.url)}">${title}</a>`
  const more = [details.join(' · '), description].filter(text => text !== '').map(entities)
  if (runbook !== null)
    more.push(/^https?:\/\//.test(runbook) ? `<a href="${entities(runbook)}">Runbook</a>` : entities(runbook))
  return `<tr><td style="${CELL}">${icon}</td><td style="${CELL}">${[linked, ...more].join('<br>')}</td></tr>`
}

/** What does not stand in the list. */
function restOf(notification: Notification, count: number): string[] {
  const words = wordsOf(notification)
  const more = notification.alerts.length - count + notification.more
  const resolved = notification.alerts.some(alert => alert.status === 'resolved')
  return [
    ...(resolved && notification.firingAfter > 0 ? [words.firingAfter(notification.firingAfter)] : []),
    ...(more > 0 ? [words.more(more)] : []),
  ]
}

const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const
const entities = (text: string) => text.replace(/[&<>"']/g, character => ENTITIES[character as keyof typeof ENTITIES])
