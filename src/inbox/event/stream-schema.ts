import type { SessionEndReason } from '../../context.ts'
import { builder } from '../../platform/graphql/builder.ts'
import { eventRef, interfaces } from './refs.ts'

// What a stream tells of itself: where it stands, and what becomes of its session.

const checkpoint = eventRef('Checkpoint').implement({
  description:
    'Catch-up is complete, and then at least every 20 seconds: the head of my stream, so that silence hides no gap.',
  interfaces,
  fields: (t) => ({
    caughtUp: t.boolean({
      shareable: true,
      description: 'Everything up to this cursor has been told.',
      resolve: ({ body }) => body.caughtUp,
    }),
  }),
})

const resyncRequired = eventRef('ResyncRequired').implement({
  description:
    "The cursor is not one of this server's history, such as after a restored backup: drop what you hold and start again without one. The stream ends with it.",
  interfaces,
  fields: (t) => ({
    resyncReason: t.string({
      description: 'Why, in a sentence for a log.',
      resolve: ({ body }) => body.reason,
    }),
    reason: t.string({
      deprecationReason: 'Use resyncReason: it can be selected together with SessionEnded.endReason.',
      description: 'The same as resyncReason.',
      resolve: ({ body }) => body.reason,
    }),
  }),
})

const sessionExpiring = eventRef('SessionExpiring').implement({
  description: 'The access token of this connection ends soon: call renewSession on the same connection.',
  interfaces,
  fields: (t) => ({
    at: t.field({ type: 'DateTime', description: 'When it ends.', resolve: ({ body }) => body.at }),
  }),
})

const endReasons: Record<SessionEndReason, { description: string }> = {
  SIGNED_OUT: { description: 'It was signed out.' },
  REPLACED: {
    description: 'The same device signed in again, or a newer one took the last place of its platform.',
  },
  REVOKED: { description: 'It was ended from another device, or a refresh token was used twice.' },
  PASSWORD_CHANGED: { description: 'The password was changed on another device.' },
  SUSPENDED: { description: 'The account was suspended or deleted.' },
}

const SessionEndReasonEnum = builder.enumType('SessionEndReason', {
  description: 'Why a session ended.',
  values: endReasons,
})

const sessionEnded = eventRef('SessionEnded').implement({
  description:
    'The last event of this session; the socket then closes with 4401 and must not come back with it.',
  interfaces,
  fields: (t) => ({
    endReason: t.field({
      type: SessionEndReasonEnum,
      description: 'Why it ended.',
      resolve: ({ body }) => body.reason,
    }),
    reason: t.field({
      type: SessionEndReasonEnum,
      deprecationReason: 'Use endReason: it can be selected together with ResyncRequired.resyncReason.',
      description: 'The same as endReason.',
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
