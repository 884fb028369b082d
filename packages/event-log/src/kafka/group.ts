/**
 * Membership of a consumer group: join, heartbeat, commit, leave. A generation is a value, and every request
 * carries the generation it was made for: a commit can never reach the broker under a newer one, which is what
 * makes a stale owner harmless (kafkajs' consumer reads the generation when it sends).
 */
import { KiviError } from '@kivi/domain'
import { type Moment, now } from '../lease.ts'
import type { Logger } from '../logger.ts'
import { errorType, REFUSED, UNKNOWN_MEMBER } from './errors.ts'
import { insist, within } from './insist.ts'
import { type Broker, type Cluster, type GroupMember, MemberAssignment, MemberMetadata } from './kafkajs.ts'

/** The assignor's name in the protocol; all members of a group share it. */
const PROTOCOL = 'range'
const LEAVE_PATIENCE_MS = 3_000

export interface GroupOptions {
  readonly topic: string
  readonly group: string
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
}

export interface Generation {
  readonly id: number
  readonly memberId: string
  readonly leads: boolean
  readonly partitions: readonly number[]
  /** when the request was sent that the coordinator counts the session from */
  readonly joined: Moment
}

export type CommitResult = 'committed' | 'refused' | 'ambiguous'

export class Group {
  readonly #cluster: Cluster
  readonly #options: GroupOptions
  readonly #logger: Logger
  #coordinator: Broker | undefined
  #memberId = ''

  constructor(cluster: Cluster, options: GroupOptions, logger: Logger) {
    this.#cluster = cluster
    this.#options = options
    this.#logger = logger
  }

  /** Joins, or joins again, and waits for the assignment: up to the rebalance time-out. */
  async join(): Promise<Generation> {
    const { topic, group, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options
    this.#coordinator = await this.#cluster.findGroupCoordinator({ groupId: group })
    const joined = await this.#coordinator.joinGroup({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: rebalanceTimeoutMs,
      memberId: this.#memberId,
      groupProtocols: [{ name: PROTOCOL, metadata: MemberMetadata.encode({ version: 0, topics: [topic] }) }],
    })
    this.#memberId = joined.memberId
    const leads = joined.leaderId === joined.memberId
    const groupAssignment = leads ? await this.#assign(joined.members) : []
    const sent = now()
    const { memberAssignment } = await this.#coordinator.syncGroup({
      groupId: group,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupAssignment,
    })
    const partitions = MemberAssignment.decode(memberAssignment)?.assignment[topic] ?? []
    partitions.sort((a, b) => a - b)
    return { id: joined.generationId, memberId: joined.memberId, leads, partitions, joined: sent }
  }

  /** Contiguous ranges of partitions, members in the order of their ids. */
  async #assign(members: readonly GroupMember[]) {
    const { topic } = this.#options
    await this.#cluster.refreshMetadata()
    const partitions = partitionIds(this.#cluster, topic)
    const ids = members.map(member => member.memberId).sort()
    return ids.map((memberId, i) => {
      const from = Math.floor((i * partitions.length) / ids.length)
      const to = Math.floor(((i + 1) * partitions.length) / ids.length)
      const assignment = { [topic]: partitions.slice(from, to) }
      return { memberId, memberAssignment: MemberAssignment.encode({ version: 0, assignment }) }
    })
  }

  /** Resolves when the coordinator has acknowledged the generation. */
  async heartbeat(generation: Generation): Promise<void> {
    const coordinator = await this.#connected()
    await coordinator.heartbeat({
      groupId: this.#options.group,
      groupGenerationId: generation.id,
      memberId: generation.memberId,
    })
  }

  /** After a lost or moved coordinator. */
  async findCoordinator(): Promise<void> {
    this.#coordinator = await this.#cluster.findGroupCoordinator({ groupId: this.#options.group })
  }

  /** Breaks the connection, so that requests which hang on it fail now. */
  async dropConnection(): Promise<void> {
    await this.#coordinator?.disconnect()
  }

  /**
   * One request for all commits. `alive` is asked when the connection stands, in the tick that hands the request
   * over; from there on the generation in it protects.
   */
  async commit(
    generation: Generation,
    commits: ReadonlyArray<{ readonly partition: number; readonly offset: number; readonly metadata: string }>,
    alive: () => boolean,
  ): Promise<CommitResult> {
    if (!alive()) return 'refused'
    try {
      const coordinator = await this.#connected()
      if (!alive()) return 'refused'
      await coordinator.offsetCommit({
        groupId: this.#options.group,
        groupGenerationId: generation.id,
        memberId: generation.memberId,
        topics: [
          {
            topic: this.#options.topic,
            partitions: commits.map(({ partition, offset, metadata }) => ({
              partition,
              offset: String(offset),
              metadata,
            })),
          },
        ],
      })
      return 'committed'
    } catch (error) {
      const result = REFUSED.has(errorType(error) ?? '') ? 'refused' : 'ambiguous'
      this.#logger.warn(
        { group: this.#options.group, generation: generation.id, error: (error as Error).message, result },
        'offset commit failed',
      )
      return result
    }
  }

  /** What the group committed for the partitions, without those it has nothing for. */
  async committed(partitions: readonly number[]): Promise<Map<number, { offset: number; metadata: string }>> {
    return committedOffsets(await this.#connected(), this.#options.group, this.#options.topic, partitions)
  }

  /** Leaves the group, as far as it answers; the next join is a new member's. */
  async leave(): Promise<void> {
    const memberId = this.#memberId
    this.#memberId = ''
    if (memberId === '' || this.#coordinator === undefined) return
    const patience = within(LEAVE_PATIENCE_MS)
    try {
      // a member that does not leave holds up the next rebalance until its session ends: worth a second try
      await insist(
        async () => (await this.#connected()).leaveGroup({ groupId: this.#options.group, memberId }),
        error => !UNKNOWN_MEMBER.has(errorType(error) ?? '') && patience(),
        () => this.findCoordinator(),
      )
    } catch (error) {
      // the session time-out will do it
      this.#logger.debug({ group: this.#options.group, error: (error as Error).message }, 'leaving the group failed')
    }
  }

  /** The coordinator does not know this member any more; a late answer to an earlier one changes nothing. */
  forgetMember(memberId = this.#memberId): void {
    if (this.#memberId === memberId) this.#memberId = ''
  }

  async #connected(): Promise<Broker> {
    if (this.#coordinator === undefined) throw new KiviError('log_unreachable', 'The group has not been joined.')
    if (!this.#coordinator.isConnected())
      this.#coordinator = await this.#cluster.findBroker({ nodeId: this.#coordinator.nodeId })
    return this.#coordinator
  }
}

/** Partitions of a topic that the metadata has, ascending. */
export function partitionIds(cluster: Cluster, topic: string): number[] {
  return cluster
    .findTopicPartitionMetadata(topic)
    .map(partition => partition.partitionId)
    .sort((a, b) => a - b)
}

/** Reads a group's offsets; never through kafkajs' admin, which may write while it resolves them. */
export async function committedOffsets(
  coordinator: Broker,
  group: string,
  topic: string,
  partitions: readonly number[],
): Promise<Map<number, { offset: number; metadata: string }>> {
  if (partitions.length === 0) return new Map()
  const { responses } = await coordinator.offsetFetch({
    groupId: group,
    topics: [{ topic, partitions: partitions.map(partition => ({ partition })) }],
  })
  const found = new Map<number, { offset: number; metadata: string }>()
  for (const { partition, offset, metadata } of responses.flatMap(response => response.partitions))
    if (Number(offset) >= 0) found.set(partition, { offset: Number(offset), metadata: metadata ?? '' })
  return found
}
