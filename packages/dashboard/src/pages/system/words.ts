import type { Words } from '../../settings/language.ts'
import type { Finding, PartitionState } from './findings.ts'

/** What a finding says, and what helps. */
type Told = readonly [what: (told: { count: string; length: string; share: string }) => string, helps: string]

interface SystemWords {
  readonly title: string
  readonly about: string
  readonly well: string
  readonly wellUnknown: string
  readonly findings: string
  readonly found: Readonly<Record<Finding['what'], Told>>
  readonly missing: Readonly<Record<string, string>>
  readonly upTo: string
  readonly upToAbout: string
  readonly behindBy: (length: string) => string
  readonly newest: string
  readonly newestAbout: string
  readonly waits: string
  readonly waitsAbout: string
  readonly proven: string
  readonly provenAbout: string
  readonly setAside: string
  readonly setAsideAbout: string
  readonly unknown: string
  readonly nothing: string
  readonly ago: (length: string) => string
  readonly partitions: string
  readonly partitionsAbout: string
  readonly partition: string
  readonly state: string
  readonly states: Readonly<Record<PartitionState, string>>
  readonly position: string
  readonly end: string
  readonly endOld: string
  readonly ledger: string
  readonly heard: string
  readonly worker: string
  readonly day: string
  readonly dayAbout: string
  readonly outcomes: Readonly<
    Record<'records' | 'accepted' | 'duplicate' | 'rejected' | 'too_late' | 'too_early', string>
  >
  readonly outcome: string
  readonly number: string
  readonly means: string
  readonly meanings: Readonly<Record<'accepted' | 'duplicate' | 'rejected' | 'too_late' | 'too_early', string>>
  readonly batches: (batches: string, ms: string | null) => string
  readonly letters: string
  readonly lettersAbout: string
  readonly noLetters: string
  readonly more: string
  readonly reason: string
  readonly helps: string
  readonly newestLetters: string
  readonly when: string
  readonly where: string
  readonly detail: string
  readonly derived: string
  readonly derivedAbout: string
  readonly table: string
  readonly ready: string
  readonly building: (share: string) => string
  readonly notBegun: string
  readonly refreshed: string
  readonly recorded: string
  readonly recordedAbout: string
  readonly noneRecorded: string
  readonly indicator: string
  readonly computed: string
  readonly kept: string
  readonly keptAbout: string
  readonly keeps: Readonly<Record<'ten_seconds' | 'quarter_hour' | 'day' | 'raw', string>>
  readonly forEver: string
  readonly versions: string
  readonly version: Readonly<Record<'kivi' | 'node' | 'clickhouse' | 'schema' | 'catalog', string>>
}

export const WORDS: Words<SystemWords> = {
  en: {
    title: 'System',
    about: 'How Kivi itself does: whether it counts in time, and whether it counts everything.',
    well: 'All is well: every partition is read in time, and what came in is counted.',
    wellUnknown: 'Nothing is wrong with what could be asked.',
    findings: 'To be looked at',
    found: {
      nothing_read: [
        () => 'No event has been read yet.',
        'Send some (see “Collecting” in the documentation), or start the demo; if events are in the log already, look whether the ingest worker runs.',
      ],
      unheard: [
        ({ count, length }) => `Records wait in ${count} partition(s), and no worker has told of them for ${length}.`,
        'The ingest worker is stopped, or cannot reach ClickHouse: look at its log. Nothing is lost meanwhile; it goes on where the ledger ends.',
      ],
      behind: [
        ({ count, length }) => `${count} partition(s) are behind; the one that is furthest by ${length}.`,
        'After a stop it catches up by itself. If what waits grows, start more workers (at most one for each partition), or look whether ClickHouse is slow.',
      ],
      late_data: [
        ({ length }) => `Nothing waits, and still the counted time is ${length} behind the clock.`,
        'Nobody sends events, or those that come bear old times: look at the producers and at their clocks.',
      ],
      rejected: [
        ({ count, share }) =>
          `${count} records of the last 24 hours (${share}) were no valid events and were set aside.`,
        'See the reasons below, mend the producer or the catalog, then send them again: npx kivi dead-letters replay.',
      ],
      outside_of_time: [
        ({ count, share }) => `${count} records of the last 24 hours (${share}) were too old or from the future.`,
        'Look at the clocks of the producers. Events of the past belong into an import, which counts them whatever their age: npx kivi import.',
      ],
      derived_waiting: [
        ({ count }) => `${count} derived table(s) are not built yet.`,
        'What rests on them is computed from the events meanwhile, which takes longer. It goes on by itself while the evaluator runs.',
      ],
      derived_behind: [
        ({ count, length }) => `${count} derived table(s) do not follow; the last is ${length} behind what is counted.`,
        'Look whether the evaluator runs, and at its log. Indicators that rest on these tables are told up to then.',
      ],
      unavailable: [
        ({ count }) => `${count} part(s) of this page could not be asked:`,
        'What could not be asked is left out below, or less exact.',
      ],
    },
    missing: {
      partitions: 'Partitions',
      ledger: 'Ledger',
      derived_tables: 'Derived tables',
      recorded: 'Recorded points',
      clickhouse: 'ClickHouse',
      log: 'Event log',
      dead_letters: 'Dead letters',
    },
    upTo: 'Counted up to',
    upToAbout: 'Everything that happened before is counted. Usually half a minute behind the clock.',
    behindBy: length => `${length} behind`,
    newest: 'Newest event',
    newestAbout: 'The youngest that was read.',
    waits: 'Waiting',
    waitsAbout: 'Records in the log that are not read yet.',
    proven: 'Ledger',
    provenAbout: 'Records counted in the last 24 hours, each in exactly one batch.',
    setAside: 'Set aside',
    setAsideAbout: 'Dead letters of the last 24 hours.',
    unknown: 'not known',
    nothing: 'none yet',
    ago: length => `${length} ago`,
    partitions: 'Partitions',
    partitionsAbout:
      'The slowest partition decides up to when is counted. One that is read to its end and silent holds nobody up.',
    partition: 'Partition',
    state: 'State',
    states: { reading: 'in time', idle: 'read to its end', behind: 'behind', unheard: 'no worker' },
    position: 'Next to read',
    end: 'End of the log',
    endOld: 'as the worker saw it',
    ledger: 'Ledger ends at',
    heard: 'Worker heard',
    worker: 'Worker',
    day: 'What came in within 24 hours',
    dayAbout: 'Each record of the log has exactly one outcome.',
    outcomes: {
      records: 'records',
      accepted: 'accepted',
      duplicate: 'duplicate',
      rejected: 'rejected',
      too_late: 'too late',
      too_early: 'too early',
    },
    outcome: 'Outcome',
    number: 'Number',
    means: 'What it means',
    meanings: {
      accepted: 'counted, once',
      duplicate: 'the same event_id again: not counted twice',
      rejected: 'no valid event: a dead letter, see below',
      too_late: 'its day is closed: not counted',
      too_early: 'from the future: not counted',
    },
    batches: (batches, ms) =>
      ms === null ? `${batches} batches` : `${batches} batches; 95 of 100 were written within ${ms}`,
    letters: 'Dead letters',
    lettersAbout:
      'Messages that are no valid events lie aside as they came. When the cause is mended, they are counted after all by npx kivi dead-letters replay.',
    noLetters: 'None in the last 24 hours.',
    more: 'There may be more: only the newest are looked at.',
    reason: 'Reason',
    helps: 'What helps',
    newestLetters: 'The newest',
    when: 'When',
    where: 'Where it lies',
    detail: 'What is wrong',
    derived: 'Derived tables',
    derivedAbout: 'Histories of persons, orders and the like, kept ready for analyses.',
    table: 'Table',
    ready: 'ready',
    building: share => `being built, ${share} done`,
    notBegun: 'not begun',
    refreshed: 'Refreshed',
    recorded: 'Recorded points',
    recordedAbout: 'Values that are computed once and kept: which indicators have some, and up to when.',
    noneRecorded: 'No indicator is recorded.',
    indicator: 'Indicator',
    computed: 'Computed',
    kept: 'How long data are kept',
    keptAbout: 'Older figures are told at the coarser step that is still there.',
    keeps: { ten_seconds: '10-second steps', quarter_hour: 'quarter hours', day: 'days', raw: 'events' },
    forEver: 'for ever',
    versions: 'Versions',
    version: { kivi: 'Kivi', node: 'Node', clickhouse: 'ClickHouse', schema: 'Schema', catalog: 'Catalog' },
  },
  zh: {
    title: '系统',
    about: 'Kivi 自身的运行状况：统计是否及时，是否完整。',
    well: '一切正常：所有分区均及时读取，收到的数据均已统计。',
    wellUnknown: '已查询到的部分没有异常。',
    findings: '需要关注',
    found: {
      nothing_read: [
        () => '尚未读取任何事件。',
        '请发送事件（见文档“采集”），或启动演示；若日志中已有事件，请检查采集进程（ingest worker）是否在运行。',
      ],
      unheard: [
        ({ count, length }) => `${count} 个分区有记录等待读取，且已 ${length} 没有工作进程的消息。`,
        '采集进程已停止，或无法连接 ClickHouse：请查看其日志。期间不会丢失数据，恢复后从账本末尾继续。',
      ],
      behind: [
        ({ count, length }) => `${count} 个分区滞后，最严重的滞后 ${length}。`,
        '停机后会自行追上。若等待的记录持续增加，请增加工作进程（至多每个分区一个），或检查 ClickHouse 是否过慢。',
      ],
      late_data: [
        ({ length }) => `没有记录等待，但统计时间仍落后时钟 ${length}。`,
        '没有人发送事件，或事件的时间过旧：请检查发送方及其时钟。',
      ],
      rejected: [
        ({ count, share }) => `最近 24 小时有 ${count} 条记录（${share}）不是有效事件，已被搁置。`,
        '请看下方原因，修正发送方或目录，然后重新发送：npx kivi dead-letters replay。',
      ],
      outside_of_time: [
        ({ count, share }) => `最近 24 小时有 ${count} 条记录（${share}）过旧或来自未来。`,
        '请检查发送方的时钟。过去的事件应通过导入处理，不论多旧都会统计：npx kivi import。',
      ],
      derived_waiting: [
        ({ count }) => `${count} 个派生表尚未建成。`,
        '依赖它们的数据暂由事件直接计算，耗时较长。评估进程运行时会自动继续。',
      ],
      derived_behind: [
        ({ count, length }) => `${count} 个派生表没有跟上，最慢的落后 ${length}。`,
        '请检查评估进程（evaluator）是否在运行并查看其日志。依赖这些表的指标只统计到那时。',
      ],
      unavailable: [({ count }) => `本页有 ${count} 个部分无法查询：`, '无法查询的内容在下方省略，或不够精确。'],
    },
    missing: {
      partitions: '分区',
      ledger: '账本',
      derived_tables: '派生表',
      recorded: '已记录的点',
      clickhouse: 'ClickHouse',
      log: '事件日志',
      dead_letters: '死信',
    },
    upTo: '已统计至',
    upToAbout: '此前发生的一切均已统计。通常比时钟慢半分钟。',
    behindBy: length => `落后 ${length}`,
    newest: '最新事件',
    newestAbout: '已读取的最新一条。',
    waits: '等待读取',
    waitsAbout: '日志中尚未读取的记录。',
    proven: '账本',
    provenAbout: '最近 24 小时统计的记录，每条恰好属于一个批次。',
    setAside: '已搁置',
    setAsideAbout: '最近 24 小时的死信。',
    unknown: '未知',
    nothing: '尚无',
    ago: length => `${length}前`,
    partitions: '分区',
    partitionsAbout: '统计时间由最慢的分区决定。已读到末尾且没有新记录的分区不影响进度。',
    partition: '分区',
    state: '状态',
    states: { reading: '及时', idle: '已读到末尾', behind: '滞后', unheard: '无工作进程' },
    position: '下一条',
    end: '日志末尾',
    endOld: '工作进程所见',
    ledger: '账本末尾',
    heard: '最近消息',
    worker: '工作进程',
    day: '最近 24 小时收到的记录',
    dayAbout: '日志中的每条记录都有且只有一个结果。',
    outcomes: {
      records: '记录',
      accepted: '已接受',
      duplicate: '重复',
      rejected: '已拒绝',
      too_late: '过晚',
      too_early: '过早',
    },
    outcome: '结果',
    number: '数量',
    means: '含义',
    meanings: {
      accepted: '已统计，且只统计一次',
      duplicate: '相同的 event_id 再次出现：不重复统计',
      rejected: '不是有效事件：成为死信，见下方',
      too_late: '所属日期已结算：不统计',
      too_early: '来自未来：不统计',
    },
    batches: (batches, ms) => (ms === null ? `${batches} 个批次` : `${batches} 个批次；95% 在 ${ms} 内写入`),
    letters: '死信',
    lettersAbout: '不是有效事件的消息会原样搁置。原因修正后，可用 npx kivi dead-letters replay 补充统计。',
    noLetters: '最近 24 小时没有死信。',
    more: '可能还有更多：只查看最新的一部分。',
    reason: '原因',
    helps: '如何处理',
    newestLetters: '最新',
    when: '时间',
    where: '所在位置',
    detail: '问题',
    derived: '派生表',
    derivedAbout: '为分析预先准备的用户、订单等历史。',
    table: '表',
    ready: '就绪',
    building: share => `构建中，已完成 ${share}`,
    notBegun: '尚未开始',
    refreshed: '最近更新',
    recorded: '已记录的点',
    recordedAbout: '一次计算并保存的值：哪些指标有，以及截至何时。',
    noneRecorded: '没有指标被记录。',
    indicator: '指标',
    computed: '计算时间',
    kept: '数据保留时间',
    keptAbout: '更早的数字以仍保留的较粗粒度给出。',
    keeps: { ten_seconds: '10 秒粒度', quarter_hour: '一刻钟粒度', day: '天粒度', raw: '事件' },
    forEver: '永久',
    versions: '版本',
    version: { kivi: 'Kivi', node: 'Node', clickhouse: 'ClickHouse', schema: '表结构', catalog: '目录' },
  },
}
