import { MeType, UserType } from '../account/refs.ts'
import { builder } from '../platform/graphql/builder.ts'
import type { Presence } from './policy.ts'
import { setPresence } from './set.ts'
import { presenceOf, type SeenUser } from './shown.ts'
import './typing/schema.ts'
import { watchPresence } from './watch.ts'

const PresenceStatusEnum = builder.enumType('PresenceStatus', {
  description:
    'How somebody is shown: one status over all their devices, the highest of BUSY, ONLINE and AWAY that one of them says.',
  values: {
    ONLINE: { description: 'Somebody is at a device that is connected, and none of them says BUSY.' },
    AWAY: { description: 'Connected, and nobody is at any of the devices.' },
    BUSY: { description: 'Connected, and not to be disturbed, as one of the devices says.' },
    OFFLINE: { description: 'Not connected, invisible, or not mine to see.' },
  } as const,
})

const PresenceType = builder.objectRef<Presence>('Presence').implement({
  description:
    'Whether somebody is there. Only their friends and the fellow members of their groups see it; to others, and where one of the two blocks the other, everybody is OFFLINE and was never seen.',
  fields: (t) => ({
    status: t.expose('status', { type: PresenceStatusEnum, description: 'How they are shown.' }),
    lastSeenAt: t.expose('lastSeenAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When they were last connected or asked for anything, to the minute; of somebody connected, now. What they do while invisible does not count. null when that was never, or is not mine to see.',
    }),
  }),
})

builder.objectField(UserType, 'presence', (t) =>
  t.field({
    type: PresenceType,
    description:
      'Whether they are there, as I may see it. Of myself: as others see it, with the device that asks counted as connected.',
    resolve: (user: SeenUser, _args, ctx) => user.shown ?? presenceOf(ctx, user.id),
  }),
)

builder.mutationField('setPresence', (t) =>
  t.field({
    type: MeType,
    description:
      'Chooses how this device shows me while it is connected, until it chooses again; others see one status over all my devices. OFFLINE is invisible, for all of them at once: online, but shown as offline, until any of them chooses something else.',
    args: {
      status: t.arg({
        type: PresenceStatusEnum,
        required: true,
        description: 'ONLINE when somebody is at the device, AWAY when nobody is.',
      }),
    },
    resolve: (_root, { status }, ctx) => setPresence(ctx, status),
  }),
)

builder.subscriptionField('presence', (t) =>
  t.field({
    type: UserType,
    description:
      'The presence of some people: each as it is now, then each whenever the status changes, or whether it is mine to see, the latest state only. LIMIT_EXCEEDED above 200 people. An id that is nobody’s is never told.',
    args: {
      userIds: t.arg.idList({ required: true, description: 'Whom to watch; repeated ids count once.' }),
    },
    subscribe: (_root, { userIds }, ctx) => watchPresence(ctx, userIds),
    resolve: (user) => user,
  }),
)
