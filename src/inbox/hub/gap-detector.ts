import type { Services } from '../../context.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import { newestHistory } from '../../platform/db/history.ts'
import { sinceNow, tickNow } from '../snapshot.ts'
import type { InboxStream } from '../stream/stream.ts'
import type { SignalIndex } from './signal-index.ts'

/** Somebody whose head is looked up, for the streams that read it. */
export interface Checked {
  streams: ReadonlySet<InboxStream>
  /** The round in which that is done. */
  round: number
}

/** How often the database is asked; a lost hint of a SIGNAL conversation costs so much. */
const checkMs = 2_000
/** Each stream's head is looked up once in so many rounds, which is when its Checkpoint goes out. */
const rounds = 8

/** Asks the database, again and again, whether a hint was lost on its way to this process. */
export class GapDetector {
  readonly #services: Pick<Services, 'sql' | 'bus' | 'log'>
  readonly #signals: SignalIndex
  readonly #listeners: ReadonlyMap<string, Checked>
  readonly #timer = setInterval(() => this.#start(), checkMs)
  readonly #offGap: Unsubscribe
  #everyHead = false
  #history: string | null = null
  readonly #onNewHistory: () => void
  #round = 0
  #nextRound = 0
  #checking: Promise<void> = Promise.resolve()

  constructor(
    services: Pick<Services, 'sql' | 'bus' | 'log'>,
    signals: SignalIndex,
    listeners: ReadonlyMap<string, Checked>,
    onNewHistory: () => void,
  ) {
    this.#onNewHistory = onNewHistory
    this.#services = services
    this.#signals = signals
    this.#listeners = listeners
    this.#offGap = services.bus.onGap(() => this.#everyone())
  }

  /** The round of the next one to be checked, so that all rounds have about as many. */
  nextRound(): number {
    return this.#nextRound++ % rounds
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#offGap()
  }

  /** Resolves when no check is under way. */
  settled(): Promise<void> {
    return this.#checking
  }

  /** What was published may not have been heard by this process: one look at the database tells who missed it. */
  #everyone(): void {
    if (this.#everyHead) return
    this.#everyHead = true
    this.#start()
  }

  #start(): void {
    this.#checking = this.#checking.then(() =>
      this.#check().catch((error) =>
        this.#services.log.warn({ err: error }, 'the check of the inbox heads failed'),
      ),
    )
  }

  /** Compares SIGNAL conversations and, by turns, the heads of the streams with the database, in one snapshot. */
  async #check(): Promise<void> {
    const everyHead = this.#everyHead || !this.#services.bus.healthy
    this.#everyHead = false
    this.#round = (this.#round + 1) % rounds
    const isDue = (listener: Checked | undefined) => listener?.round === this.#round
    const looked = [...this.#listeners].filter(([, listener]) => everyHead || isDue(listener))
    const userIds = looked.map(([userId]) => userId)
    const conversationIds = this.#signals.conversationIds()
    if (userIds.length + conversationIds.length === 0) return
    const [row] = await this.#services.sql
      .query<CheckRow>(checkNow, [userIds, conversationIds])
      .catch((error) => {
        this.#everyHead ||= everyHead
        throw error
      })
    if (!row) return
    if (this.#history && row.history !== this.#history) this.#onNewHistory()
    this.#history = row.history
    for (const state of row.signals) this.#signals.compare(state)
    // A Checkpoint covers them, so it must not overtake them.
    await this.#signals.settled()
    const { tick, since, history } = row
    const share = {}
    for (const { userId, streamSeq } of row.heads) {
      const listener = this.#listeners.get(userId)
      const check = { streamSeq, tick, since, history, share, isDue: isDue(listener) }
      for (const stream of listener?.streams ?? []) stream.checkAt(check)
    }
  }
}

interface CheckRow {
  tick: number
  since: number
  history: string
  heads: { userId: string; streamSeq: number }[]
  signals: {
    conversationId: string
    version: number
    revision: number
    maxSeq: number
    messageCount: number
  }[]
}

const checkNow = `
  select ${tickNow} as tick, ${sinceNow} as since, ${newestHistory} as history,
    (select coalesce(json_agg(json_build_object('userId', user_id, 'streamSeq', seq)), '[]')
     from user_stream where user_id = any($1::text[])) as heads,
    (select coalesce(json_agg(json_build_object('conversationId', id, 'version', version, 'revision', revision,
                                                'maxSeq', max_seq, 'messageCount', message_count)), '[]')
     from conversation where id = any($2::text[])) as signals`
