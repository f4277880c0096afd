import type { SessionEndReason } from '../../context.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { eventRef, interfaces } from './refs.ts'

// Events about the stream itself and its session.

const checkpoint = eventRef('Checkpoint').implement({
  description:
    'Position of the stream without a change: at the end of the catch-up, then at least every 20 seconds, so that a quiet stream is known to be complete. Acknowledge its cursor like any other.',
  interfaces,
  fields: (t) => ({
    caughtUp: t.boolean({
      shareable: true,
      description: 'True if everything up to the cursor was delivered; false while the stream is behind.',
      resolve: ({ body }) => body.caughtUp,
    }),
  }),
})

const resyncRequired = eventRef('ResyncRequired').implement({
  description:
    'The cursor is invalid for this server, for example after a backup was restored. Drop all local state and start again without a cursor. Last event of the stream.',
  interfaces,
  fields: (t) => ({
    resyncReason: t.string({
      description: 'Reason, as text for a log.',
      resolve: ({ body }) => body.reason,
    }),
  }),
})

const sessionExpiring = eventRef('SessionExpiring').implement({
  description:
    'The access token of this socket expires soon. Call renewSession on the same socket to keep it open.',
  interfaces,
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When the token expires.', resolve: ({ body }) => body.at }),
  }),
})

const endReasons: Record<SessionEndReason, { description: string }> = {
  SIGNED_OUT: { description: 'The device signed out.' },
  REPLACED: {
    description: 'The same device signed in again, or another device of its platform replaced it.',
  },
  REVOKED: { description: 'Ended from another device, or because a refresh token was used twice.' },
  PASSWORD_CHANGED: { description: 'The password was changed on another device.' },
  SUSPENDED: { description: 'The account was suspended or deleted.' },
}

const SessionEndReasonEnum = builder.enumType('SessionEndReason', {
  description: 'Why a session ended.',
  values: endReasons,
})

const sessionEnded = eventRef('SessionEnded').implement({
  description: 'The session ended. Last event; the socket then closes with 4401. Sign in again.',
  interfaces,
  fields: (t) => ({
    endReason: t.field({
      type: SessionEndReasonEnum,
      description: 'Why the session ended.',
      resolve: ({ body }) => body.reason,
    }),
  }),
})

export const streamEvents = {
  Checkpoint: checkpoint,
  ResyncRequired: resyncRequired,
  SessionExpiring: sessionExpiring,
  SessionEnded: sessionEnded,
}
