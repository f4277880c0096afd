import { sessionEndedTopic } from '../../auth/session/cache.ts'
import type { Services, SessionEndReason } from '../../context.ts'
import type { Unsubscribe } from '../../platform/bus/bus.ts'
import type { Sockets } from './sockets.ts'

export interface SocketClock {
  start(): Promise<void>
  stop(): void
}

const sweepMs = 2_000
const tickMsMax = 500

/** One timer for all sockets: pings, deadlines, and sessions that ended at another server. */
export function createSocketClock(
  { auth: { sessions }, bus, config, log }: Services,
  sockets: Sockets,
): SocketClock {
  const tickMs = Math.min(tickMsMax, config.limits.pingMs / 4, config.limits.stallMs / 4)
  let timer: NodeJS.Timeout | undefined
  let sweepAt = 0
  let sweeping = false
  let offTopic: Unsubscribe = () => {}

  const endSession = (sessionId: string, reason: SessionEndReason) => {
    for (const socket of sockets.of(sessionId)) socket.end(reason)
  }

  // Messages of other servers are only faster: a session whose message was lost is found here.
  const sweep = async () => {
    sweeping = true
    try {
      const ended = await sessions.ended(sockets.sessionIds)
      for (const [sessionId, reason] of ended) endSession(sessionId, reason)
    } catch (error) {
      log.warn({ err: error }, 'session look-up failed')
    } finally {
      sweeping = false
    }
  }

  const tick = () => {
    const now = Date.now()
    for (const socket of sockets) socket.tick(now)
    if (sweeping || now < sweepAt) return
    sweepAt = now + sweepMs
    void sweep()
  }

  return {
    async start() {
      offTopic = await bus.subscribe(sessionEndedTopic, ({ sessionId, reason }) =>
        endSession(String(sessionId), reason as SessionEndReason),
      )
      timer = setInterval(tick, tickMs)
    },
    stop() {
      clearInterval(timer)
      offTopic()
    },
  }
}
