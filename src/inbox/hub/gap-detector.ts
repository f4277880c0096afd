import type { Services } from '../../context.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import { newestHistory } from '../../platform/db/history.ts'
import { connectedProcesses } from '../../platform/db/lease.ts'
import { applicationPrefix } from '../../platform/postgres/lock.ts'
import { sinceNow, tickNow } from '../snapshot.ts'
import type { InboxStream } from '../stream/stream.ts'
import type { ClockState } from './clock-state.ts'
import type { ConversationIndex } from './conversation-index.ts'

/** A user whose stream's head is checked. */
export interface CheckedUser {
  streams: ReadonlySet<InboxStream>
  /** The round in which the head is checked. */
  round: number
}

/** Interval of the checks, and the delay that a lost hint of a conversation of the clock causes. */
const checkMs = 2_000
/** Number of rounds in which every stream is checked once and gets its Checkpoint. */
const rounds = 8

/** Compares the streams of this process with the database, to find hints that were lost. */
export class GapDetector {
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log'>
  readonly #conversations: ConversationIndex
  readonly #users: ReadonlyMap<string, CheckedUser>
  readonly #timer = setInterval(() => this.#start(), checkMs)
  readonly #offGap: Unsubscribe
  #checksAll = false
  #history: string | null = null
  readonly #onNewHistory: () => void
  #round = 0
  #nextRound = 0
  #servers: ReadonlySet<string> = new Set()
  #checking: Promise<void> = Promise.resolve()

  constructor(
    services: Pick<Services, 'sql' | 'bus' | 'log'>,
    conversations: ConversationIndex,
    users: ReadonlyMap<string, CheckedUser>,
    onNewHistory: () => void,
  ) {
    this.#onNewHistory = onNewHistory
    this.#services = services
    this.#conversations = conversations
    this.#users = users
    this.#offGap = services.bus.onGap(() => this.checkAll())
  }

  /** Spreads users evenly over the rounds. */
  nextRound(): number {
    return this.#nextRound++ % rounds
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#offGap()
  }

  /** Resolves when no check is running. */
  idle(): Promise<void> {
    return this.#checking
  }

  /** After a gap, checks all streams in one query. */
  checkAll(): void {
    if (this.#checksAll) return
    this.#checksAll = true
    this.#start()
  }

  #start(): void {
    this.#checking = this.#checking.then(() =>
      this.#check().catch((error) =>
        this.#services.log.warn({ err: error }, 'gap detection failed, retrying'),
      ),
    )
  }

  /** Compares conversations of the clock, and the heads of this round's streams, with one snapshot of the database. */
  async #check(): Promise<void> {
    const checksAll = this.#checksAll || !this.#services.bus.healthy
    this.#checksAll = false
    this.#round = (this.#round + 1) % rounds
    const isDue = (user: CheckedUser | undefined) => user?.round === this.#round
    const checked = [...this.#users].filter(([, user]) => checksAll || isDue(user))
    const userIds = checked.map(([userId]) => userId)
    const conversationIds = this.#conversations.conversationIds()
    if (userIds.length + conversationIds.length === 0) return
    const [row] = await this.#services.sql
      .query<CheckRow>(checkNow, [userIds, conversationIds])
      .catch((error) => {
        this.#checksAll ||= checksAll
        throw error
      })
    if (!row) return
    this.#noteServers(new Set(row.servers))
    if (this.#history && row.history !== this.#history) this.#onNewHistory()
    this.#history = row.history
    const { tick, since, history } = row
    for (const state of row.byClock) this.#conversations.compare({ ...state, tick, history })
    // A Checkpoint covers these changes, so they are delivered first.
    await this.#conversations.idle()
    const share = {}
    for (const { userId, streamSeq } of row.heads) {
      const user = this.#users.get(userId)
      const check = { streamSeq, tick, since, history, share, wantsCheckpoint: isDue(user) }
      for (const stream of user?.streams ?? []) stream.checkAt(check)
    }
  }

  /** A server that has ended may have numbered changes that it did not publish. */
  #noteServers(servers: ReadonlySet<string>): void {
    const ended = [...this.#servers].filter((server) => !servers.has(server))
    this.#servers = servers
    if (ended.length === 0) return
    this.#services.log.info({ servers: ended }, 'servers ended, detecting gaps')
    this.checkAll()
  }
}

interface CheckRow {
  tick: number
  since: number
  history: string
  servers: string[]
  heads: { userId: string; streamSeq: number }[]
  byClock: Omit<ClockState, 'tick' | 'history'>[]
}

const checkNow = `
  select ${tickNow} as tick, ${sinceNow} as since, ${newestHistory} as history,
    (select coalesce(json_agg(distinct name), '[]') from (${connectedProcesses} and datname = current_database()) p
     where starts_with(name, '${applicationPrefix}')) as servers,
    (select coalesce(json_agg(json_build_object('userId', user_id, 'streamSeq', seq)), '[]')
     from user_stream where user_id = any($1::text[])) as heads,
    (select coalesce(json_agg(json_build_object('conversationId', id, 'version', version, 'revision', revision,
                                                'maxSeq', max_seq, 'messageCount', message_count,
                                                'mode', delivery_mode)), '[]')
     from conversation where id = any($2::text[]) and delivery_mode <> 'INLINE') as "byClock"`
