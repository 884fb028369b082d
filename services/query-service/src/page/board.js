// The board: polls /v1/board (the browser sends the ETag, an unchanged board costs a 304) and draws one card each.
const REFRESH_MS = 3000
const WINDOWS = ['', '15m', '1h', '1d', '7d', '30d']

const TEXTS = {
  en: {
    window: 'Window',
    own: "each one's own window",
    lengths: {
      '15m': 'last 15 minutes',
      '1h': 'last hour',
      '1d': 'last 24 hours',
      '7d': 'last 7 days',
      '30d': 'last 30 days',
    },
    status: {
      on_track: 'on track',
      at_risk: 'at risk',
      off_track: 'off track',
      no_data: 'no data',
      no_target: 'no target',
      provisional: 'not over yet',
    },
    reason: { no_data: 'no data yet', zero_denominator: 'nothing to divide by', after_newest_event: 'no events' },
    silent: time => `no events since ${time}`,
    oldTitle: time => `No events in these windows: the newest one is of ${time}.`,
    oldText: 'Take a longer window, or ask for that time:',
    target: 'Target',
    attained: 'attained',
    complete: 'complete',
    incomplete: 'still counting',
    revised: 'revised by late events',
    upTo: 'Counted up to',
    waiting: 'Waiting for the first event',
    lost: 'No connection',
    problem: 'Kivi cannot read its data just now. The last values stay on the page; it tries again by itself.',
    emptyTitle: 'Nothing is on the board yet',
    emptyText: 'Name indicators under “board” in catalog/kivi.yaml, and they appear here.',
    waitingTitle: 'Ready for the first event',
    trend: { up: 'rising', down: 'falling', flat: 'steady' },
    spark: 'Course over the window',
    units: { seconds: 's' },
    docs: 'API documentation',
    language: 'en',
  },
  zh: {
    window: '时间窗口',
    own: '各指标自己的窗口',
    lengths: {
      '15m': '最近 15 分钟',
      '1h': '最近 1 小时',
      '1d': '最近 24 小时',
      '7d': '最近 7 天',
      '30d': '最近 30 天',
    },
    status: {
      on_track: '达标',
      at_risk: '有风险',
      off_track: '未达标',
      no_data: '暂无数据',
      no_target: '未设目标',
      provisional: '尚未结束',
    },
    reason: { no_data: '暂无数据', zero_denominator: '分母为零', after_newest_event: '无事件' },
    silent: time => `${time} 之后无事件`,
    oldTitle: time => `这些时间窗口内没有事件：最新的事件发生在 ${time}。`,
    oldText: '请选择更长的窗口，或查询那段时间：',
    target: '目标',
    attained: '完成率',
    complete: '数据完整',
    incomplete: '仍在统计',
    revised: '因迟到事件而修正',
    upTo: '已统计至',
    waiting: '等待第一个事件',
    lost: '连接中断',
    problem: '暂时无法读取数据。页面保留最近的数值,并会自动重试。',
    emptyTitle: '看板上还没有指标',
    emptyText: '在 catalog/kivi.yaml 的 “board” 下列出指标,它们就会出现在这里。',
    waitingTitle: '已就绪,等待第一个事件',
    trend: { up: '上升', down: '下降', flat: '平稳' },
    spark: '窗口内的走势',
    units: { seconds: '秒' },
    docs: '接口文档',
    language: 'zh-CN',
  },
}

const state = {
  language: remembered('kivi.language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
  window: remembered('kivi.window') ?? '',
  board: null,
  failed: false,
}

const byId = id => document.getElementById(id)

function remembered(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // a browser that keeps nothing still shows the board
  }
}

/** An element with attributes and children; a text child is text, never markup. */
function element(name, attributes = {}, children = []) {
  const svg = ['svg', 'path', 'line'].includes(name)
  const node = svg ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  node.append(...children)
  return node
}

/** Numbers of this size are told in thousands of millions and the like; the title has all digits. */
const LARGE = 10_000_000
const UNITLESS = ['', 'count', 'number', 'score']

/** `short` fits a card; else all digits are told. */
function formatValue(value, unit, board, short = true) {
  const texts = TEXTS[state.language]
  const size = Math.abs(value)
  const large =
    short && size >= LARGE ? { notation: 'compact', maximumFractionDigits: 2, minimumFractionDigits: 0 } : {}
  const number = options => new Intl.NumberFormat(texts.language, { ...options, ...large }).format(value)
  if (unit === 'percent') return number({ style: 'percent', maximumFractionDigits: size >= 10 ? 0 : 2 })
  if (unit === 'money') {
    const digits = short && size >= 1000 ? 0 : 2
    return number({
      style: 'currency',
      currency: board.currency,
      currencyDisplay: 'narrowSymbol',
      maximumFractionDigits: digits,
      minimumFractionDigits: digits,
    })
  }
  const shown = number({ maximumFractionDigits: short && size >= 1000 ? 0 : 2 })
  return UNITLESS.includes(unit) ? shown : `${shown} ${texts.units[unit] ?? unit}`
}

function formatDay(time, board) {
  const { language } = TEXTS[state.language]
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: board.timezone }).format(new Date(time))
}

function spark(points, target) {
  const svg = element('svg', {
    class: 'spark',
    viewBox: '0 0 100 40',
    preserveAspectRatio: 'none',
    role: 'img',
    'aria-label': TEXTS[state.language].spark,
  })
  const known = points.filter(point => point !== null)
  if (known.length < 2) return svg
  // the target shares the scale only where it does not flatten the line
  const spread = Math.max(...known) - Math.min(...known)
  const withTarget = target !== null && Math.abs(target - known.at(-1)) <= 3 * (spread || Math.abs(target) || 1)
  const scale = withTarget ? [...known, target] : known
  const [low, high] = [Math.min(...scale), Math.max(...scale)]
  const x = index => (points.length === 1 ? 0 : (100 * index) / (points.length - 1))
  const y = value => (high === low ? 20 : 37 - (34 * (value - low)) / (high - low))
  if (withTarget) svg.append(element('line', { x1: 0, x2: 100, y1: y(target), y2: y(target) }))
  let run = []
  const draw = () => {
    if (run.length > 0) {
      const line = run.map(([index, value]) => `${x(index).toFixed(2)},${y(value).toFixed(2)}`).join(' L')
      svg.append(element('path', { class: 'area', d: `M${x(run[0][0])},40 L${line} L${x(run.at(-1)[0])},40 Z` }))
      svg.append(element('path', { d: `M${line}` }))
    }
    run = []
  }
  for (const [index, value] of points.entries()) {
    if (value === null) draw()
    else run.push([index, value])
  }
  draw()
  return svg
}

function trendMark(trend) {
  const arrow = { up: '↗', down: '↘', flat: '→' }[trend.direction]
  const tone = trend.good === null ? '' : trend.good ? ' good' : ' bad'
  const text = TEXTS[state.language].trend[trend.direction]
  return element('span', { class: `trend${tone}`, title: text }, [
    arrow,
    element('span', { class: 'visually-hidden' }, [text]),
  ])
}

function card(item, board) {
  const texts = TEXTS[state.language]
  const label = item.label[state.language] || item.label.en
  const value =
    item.value === null
      ? element('p', { class: 'value none' }, [texts.reason[item.reason] ?? texts.reason.no_data])
      : element('p', { class: 'value' }, [
          element('span', { title: formatValue(item.value, item.unit, board, false) }, [
            formatValue(item.value, item.unit, board),
          ]),
          ...(item.trend === null ? [] : [trendMark(item.trend)]),
        ])
  const target = element('p', { class: 'target' })
  if (item.target !== null) {
    const sign = item.better === 'higher' ? '≥' : '≤'
    target.append(element('span', {}, [`${texts.target} ${sign} ${formatValue(item.target, item.unit, board)}`]))
    if (item.attainment !== null) {
      const share = new Intl.NumberFormat(texts.language, { style: 'percent', maximumFractionDigits: 0 }).format(
        item.attainment,
      )
      target.append(
        element('span', {}, [state.language === 'zh' ? `${texts.attained} ${share}` : `${share} ${texts.attained}`]),
      )
    }
  }
  const notes = element('p', { class: 'notes' }, [
    element('span', {}, [texts.lengths[item.window] ?? item.window]),
    element('span', { class: item.complete ? '' : 'marked' }, [item.complete ? texts.complete : texts.incomplete]),
  ])
  if (item.reason === 'after_newest_event' && item.value !== null)
    notes.append(element('span', { class: 'marked' }, [texts.silent(formatDay(board.newest_event, board))]))
  if (item.revised) notes.append(element('span', { class: 'marked' }, [texts.revised]))
  if (item.owner !== null) notes.append(element('span', {}, [item.owner]))
  return element(
    'article',
    { id: `indicator-${item.id}`, ...(board.north_star.includes(item.id) ? { class: 'north-star' } : {}) },
    [
      element('div', { class: 'top' }, [
        element('h2', {}, [label]),
        element('span', { class: `status ${item.status}` }, [texts.status[item.status]]),
      ]),
      value,
      target,
      spark(item.spark, item.spark_target),
      notes,
    ],
  )
}

function empty(title, text) {
  return element('div', { class: 'empty' }, [element('h2', {}, [title]), element('p', {}, [text])])
}

/** Where every window lies after the newest event: how to see the data that there are. */
function oldData(board) {
  const texts = TEXTS[state.language]
  const [first] = board.indicators
  if (first === undefined || !board.indicators.every(item => item.reason === 'after_newest_event')) return []
  // windows end with whole days there: of that age nothing finer may be stored
  const end = new Date(Date.parse(board.newest_event) + 86_400_000).toISOString().slice(0, 10)
  const address = `/v1/indicators/${encodeURIComponent(first.id)}/series?window=30d&to=${end}T00:00:00Z`
  return [
    element('div', { class: 'notice' }, [
      element('p', {}, [element('strong', {}, [texts.oldTitle(formatDay(board.newest_event, board))])]),
      element('p', {}, [texts.oldText, ' ', element('a', { href: address }, [address])]),
    ]),
  ]
}

function draw() {
  const texts = TEXTS[state.language]
  const { board, failed } = state
  document.documentElement.lang = texts.language
  for (const button of document.querySelectorAll('[data-language]'))
    button.setAttribute('aria-pressed', String(button.dataset.language === state.language))
  byId('window-label').textContent = texts.window
  byId('docs-link').textContent = texts.docs
  for (const option of byId('window').options)
    option.textContent = option.value === '' ? texts.own : texts.lengths[option.value]
  byId('problem').hidden = !failed
  byId('problem').textContent = failed ? texts.problem : ''

  const freshness = byId('freshness')
  const main = byId('board')
  main.toggleAttribute('data-stale', failed)
  if (board === null) {
    freshness.textContent = failed ? texts.lost : ''
    freshness.dataset.state = failed ? 'lost' : 'waiting'
    return
  }
  const live = !failed && board.watermark !== null
  freshness.dataset.state = failed ? 'lost' : live ? 'live' : 'waiting'
  freshness.textContent = failed
    ? texts.lost
    : board.watermark === null
      ? texts.waiting
      : `${texts.upTo} ${new Intl.DateTimeFormat(texts.language, {
          dateStyle: 'medium',
          timeStyle: 'medium',
          hourCycle: 'h23',
          timeZone: board.timezone,
        }).format(new Date(board.watermark))} (${board.timezone})`
  main.setAttribute('aria-busy', 'false')
  main.replaceChildren(
    ...(board.indicators.length === 0
      ? [empty(texts.emptyTitle, texts.emptyText)]
      : [...oldData(board), ...board.indicators.map(item => card(item, board))]),
  )
}

async function refresh() {
  const asked = state.window
  try {
    const query = asked === '' ? '' : `?window=${encodeURIComponent(asked)}`
    const response = await fetch(`/v1/board${query}`, { cache: 'no-cache', signal: AbortSignal.timeout(15_000) })
    if (!response.ok) throw new Error(String(response.status))
    const board = await response.json()
    // an answer to a window that was left meanwhile is not shown
    if (asked === state.window) Object.assign(state, { board, failed: false })
  } catch {
    state.failed = true
  }
  draw()
}

async function keepFresh() {
  if (document.visibilityState === 'visible') await refresh()
  setTimeout(keepFresh, REFRESH_MS)
}

for (const length of WINDOWS) byId('window').append(element('option', { value: length }))
byId('window').value = WINDOWS.includes(state.window) ? state.window : ''
state.window = byId('window').value
byId('window').addEventListener('change', event => {
  state.window = event.target.value
  remember('kivi.window', state.window)
  refresh()
})
for (const button of document.querySelectorAll('[data-language]'))
  button.addEventListener('click', () => {
    state.language = button.dataset.language
    remember('kivi.language', state.language)
    draw()
  })
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') refresh()
})
draw()
keepFresh()
