import type { SessionEndReason, Viewer } from '../../context.ts'
import { unauthenticated } from '../../errors.ts'
import type { Bus } from '../../platform/bus/bus.ts'
import { arrayOf } from '../../platform/db/columns.ts'
import { Platform } from '../../platform/db/generated/enums.ts'
import type { Sql } from '../../platform/db/sql.ts'
import { gather } from '../../platform/loader.ts'

/** Published as `{ sessionId, reason }` when a session has ended. */
export const sessionEndedTopic = 'session-ended'

/** State of sessions, cached for at most a second, so that an ended session is noticed even without the bus. */
export interface SessionCache {
  /** UNAUTHENTICATED unless the viewer's session is active. */
  assertLive(viewer: Viewer): Promise<void>
  /** Whether the session is known to be active, so that nothing need be read. */
  isKnownLive(viewer: Viewer): boolean
  /** The sessions among these that have ended, with their reasons. */
  ended(sessionIds: readonly string[]): Promise<Map<string, SessionEndReason>>
  /** The device key for limits: the device id, or the session id if the device has none. */
  deviceOf(sessionId: string): string
  /** The platform of a session that was checked; OTHER if it is unknown. */
  platformOf(sessionId: string): Platform
  /** Drops a session, so that its next use reads the database. */
  invalidate(sessionId: string): void
}

interface State {
  userId: string
  device: string
  platform: Platform
  endReason: SessionEndReason | null
}

interface Entry {
  at: number
  /** The read that runs; null once the state is here. */
  reading: Promise<State | null> | null
  /** The last known state. */
  state: State | null
}

const freshMs = 1_000
const capacity = 50_000

// An expired session has no end reason of its own and counts as signed out.
const readStates = `
  select id, user_id as "userId", device_id as "deviceId", platform::text as platform,
         case when ended_at is not null then end_reason when expires_at <= now() then 'SIGNED_OUT' end as "endReason"
  from session where id = any(${arrayOf(1, 'text')})`

interface Row extends Omit<State, 'device'> {
  id: string
  deviceId: string | null
}

const readState = gather<string, State | null>(async (sql, ids) => {
  const rows = await sql.query<Row>(readStates, [[...new Set(ids)]])
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => stateOf(id, found.get(id)))
})

/** Every session of an open socket has one, so it shares texts with others where it can. */
function stateOf(id: string, row: Row | undefined): State | null {
  if (!row) return null
  const { userId, deviceId, platform, endReason } = row
  return { userId, device: deviceId ?? id, platform: Platform[platform], endReason }
}

export function createSessionCache({ sql, bus }: { sql: Sql; bus: Bus }): SessionCache {
  const known = new Map<string, Entry>()
  const load = (id: string) => {
    const reading = readState(sql, id)
    const entry: Entry = { at: performance.now(), reading, state: known.get(id)?.state ?? null }
    known.delete(id)
    known.set(id, entry)
    reading.then(
      (state) => {
        entry.state = state
        entry.reading = null
      },
      () => {
        if (known.get(id) === entry) known.delete(id)
      },
    )
    const oldest = known.keys().next()
    if (known.size > capacity && !oldest.done) known.delete(oldest.value)
    return reading
  }
  const fresh = (id: string) => {
    const entry = known.get(id)
    return entry && performance.now() - entry.at < freshMs ? entry : null
  }
  const read = (id: string) => {
    const entry = fresh(id)
    return entry ? (entry.reading ?? entry.state) : load(id)
  }
  const isLive = (state: State | null, userId: string) => state?.userId === userId && !state.endReason

  const invalidate = (id: string) => void known.delete(id)
  // The bus only shortens the delay: cached state expires within a second anyway.
  bus.subscribe(sessionEndedTopic, ({ sessionId }) => invalidate(String(sessionId))).catch(() => {})

  return {
    async assertLive({ userId, sessionId }) {
      if (!isLive(await read(sessionId), userId))
        throw unauthenticated('ENDED', 'This session has ended; sign in again.')
    },
    isKnownLive({ userId, sessionId }) {
      const entry = fresh(sessionId)
      return entry?.reading === null && isLive(entry.state, userId)
    },
    async ended(sessionIds) {
      const states = await Promise.all(sessionIds.map(async (id) => [id, await read(id)] as const))
      const ended = new Map<string, SessionEndReason>()
      for (const [id, state] of states) {
        const reason = state ? state.endReason : 'REVOKED'
        if (reason) ended.set(id, reason)
      }
      return ended
    },
    deviceOf: (sessionId) => known.get(sessionId)?.state?.device ?? sessionId,
    platformOf: (sessionId) => known.get(sessionId)?.state?.platform ?? 'OTHER',
    invalidate,
  }
}
