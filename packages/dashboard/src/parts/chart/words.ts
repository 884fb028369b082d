import type { Words } from '../../settings/language.ts'

interface ChartWords {
  readonly points: (label: string) => string
  readonly value: string
  readonly target: string
  readonly interval: string
  readonly previous: string
  readonly time: string
  readonly notes: string
  readonly incomplete: string
  readonly partial: string
  readonly provisional: string
  readonly revised: string
  readonly none: string
  readonly upTo: (time: string) => string
  readonly table: string
  readonly caption: (label: string) => string
  readonly rows: (shown: number, all: number) => string
  readonly actions: string
  readonly planned: string
  readonly far: string
  readonly nothing: string
  readonly zoomHint: string
}

export const WORDS: Words<ChartWords> = {
  en: {
    points: label => `${label}: points of the chart, moved through with the arrow keys`,
    value: 'Value',
    target: 'Target',
    interval: '95 % interval',
    previous: 'Before',
    time: 'Time',
    notes: 'Notes',
    incomplete: 'not complete yet',
    partial: 'not over yet',
    provisional: 'may still change',
    revised: 'revised',
    none: 'no value',
    upTo: time => `up to ${time}`,
    table: 'Show as table',
    caption: label => `${label}, step by step`,
    rows: (shown, all) => `The last ${shown} of ${all} points; the CSV has all of them.`,
    actions: 'Actions on the chart',
    planned: 'planned',
    far: 'outside of the picture',
    nothing: 'Nothing to draw in this time',
    zoomHint: 'Drag across the chart to look closer',
  },
  zh: {
    points: label => `${label}：图表各点，用方向键移动`,
    value: '数值',
    target: '目标',
    interval: '95% 区间',
    previous: '对比期',
    time: '时间',
    notes: '备注',
    incomplete: '尚不完整',
    partial: '尚未结束',
    provisional: '仍可能变化',
    revised: '已修订',
    none: '无数值',
    upTo: time => `截至 ${time}`,
    table: '以表格显示',
    caption: label => `${label}，逐期数值`,
    rows: (shown, all) => `共 ${all} 个点，显示最近 ${shown} 个；CSV 文件包含全部。`,
    actions: '图表上的措施',
    planned: '计划中',
    far: '超出图表范围',
    nothing: '该时段没有可绘制的数据',
    zoomHint: '在图上拖动可放大',
  },
}
