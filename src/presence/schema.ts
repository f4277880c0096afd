import { meField } from '../account/payload.ts'
import { UserType } from '../account/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import { defineMutation, inputOf } from '../platform/graphql/mutation.ts'
import type { Presence } from './policy.ts'
import { setPresence } from './set.ts'
import { presenceOf, type UserWithPresence } from './shown.ts'
import './typing/schema.ts'
import { watchPresence } from './watch.ts'

const PresenceStatusEnum = builder.enumType('PresenceStatus', {
  description:
    'Presence of a user: one status over all devices, the highest that any connected device has set. BUSY is highest, then ONLINE, then AWAY.',
  values: {
    ONLINE: { description: 'At least one connected device is ONLINE, and none is BUSY.' },
    AWAY: { description: 'Connected, and every device is AWAY.' },
    BUSY: { description: 'Connected, and at least one device asks not to be disturbed.' },
    OFFLINE: { description: 'Not connected, invisible, or not visible to the viewer.' },
  } as const,
})

const PresenceType = builder.objectRef<Presence>('Presence').implement({
  description:
    'Whether a user is connected, and their status. Visible to friends and to members of a common group, unless the viewer blocks the user; others see OFFLINE and no lastSeenAt. A blocked user sees the blocker as OFFLINE since the block.',
  fields: (t) => ({
    status: t.expose('status', { type: PresenceStatusEnum, description: 'Current status.' }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the user was last connected or sent a request, to the minute; the current time while connected. Times while invisible do not count. null if never, or if not visible to the viewer.',
    }),
  }),
})

builder.objectField(UserType, 'presence', (t) =>
  t.field({
    type: PresenceType,
    description:
      'Presence of the user as the viewer sees it. For the viewer: as others see it, with the calling device counted as connected.',
    resolve: (user: UserWithPresence, _args, ctx) => user.shown ?? presenceOf(ctx, user.id),
  }),
)

defineMutation('setPresence', {
  description:
    'Sets the status of the calling device while it is connected, until it is called again. Others see the highest status over all devices. OFFLINE makes the viewer invisible on all devices, until any of them sets another status.',
  errors: [],
  input: inputOf('setPresence', (t) => ({
    status: t.field({
      type: PresenceStatusEnum,
      required: true,
      description:
        'ONLINE while the device is used, AWAY while it is idle, BUSY for do not disturb, OFFLINE for invisible.',
    }),
  })),
  resolve: (input, ctx) => setPresence(ctx, input.status),
  payload: (t) => ({ me: meField(t) }),
})

builder.subscriptionField('presence', (t) =>
  t.field({
    type: UserType,
    errors: ['LIMIT_EXCEEDED'],
    description:
      'Presence of users: the current state of each, then each change of status or visibility, the latest state only. Unknown ids are ignored. LIMIT_EXCEEDED above 200 users.',
    args: {
      userIds: t.arg.idList({ required: true, description: 'Users to watch; duplicates count once.' }),
    },
    subscribe: (_root, { userIds }, ctx) => watchPresence(ctx, userIds),
    resolve: (user) => user,
  }),
)
