/** What `/v1/board` answers. */
export type Status = 'on_track' | 'at_risk' | 'off_track' | 'no_data' | 'no_target' | 'provisional'

export interface Trend {
  readonly slope: number
  readonly direction: 'up' | 'down' | 'flat'
  readonly good: boolean | null
}

export interface BoardItem {
  readonly id: string
  readonly label: { readonly en: string; readonly zh: string }
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly level: string | null
  readonly owner: string | null
  readonly window: string
  readonly value: number | null
  readonly reason?: string
  readonly target: number | null
  readonly attainment: number | null
  readonly status: Status
  readonly trend: Trend | null
  readonly complete: boolean
  readonly provisional: boolean
  readonly revised: boolean
  readonly recorded_at?: string
  readonly spark: ReadonlyArray<number | null>
  readonly spark_target: number | null
}

export interface Board {
  readonly at: string
  readonly window: string | null
  readonly timezone: string
  readonly currency: string
  readonly watermark: string | null
  readonly newest_event: string | null
  readonly north_star: readonly string[]
  readonly indicators: readonly BoardItem[]
}
