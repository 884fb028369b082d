const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-22 10:05 GMT+8` */
export function timeText(at: number, timezone: string): string {
  let format = formats.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    })
    formats.set(timezone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts['year']}-${parts['month']}-${parts['day']} ${parts['hour']}:${parts['minute']} ${parts['timeZoneName']}`
}

/** `2026-11-22T10:05:00Z` */
export const timeOf = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')
