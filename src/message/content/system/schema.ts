import { UserType } from '../../../account/refs.ts'
import { loadUser } from '../../../account/store.ts'
import { systemEvents } from '../../../conversation/system-message.ts'
import { builder } from '../../../platform/graphql/builder.ts'
import { itemsInMessage } from '../../../platform/graphql/cost/declare.ts'
import { lookUpExisting } from '../../../platform/loader.ts'
import { kinds } from '../kinds/registry.ts'
import type { ReadContent } from '../plain-text.ts'
import { MessageContentInterface } from '../schema.ts'
import { changeOf, SystemChangeUnion } from './change-schema.ts'

const SystemEventEnum = builder.enumType('SystemEvent', {
  description: 'Event that a system message reports.',
  values: Object.fromEntries(
    Object.entries(systemEvents).map(([name, { description }]) => [name, { description }]),
  ) as Record<keyof typeof systemEvents, { description: string }>,
})

builder.objectRef<Extract<ReadContent, { kind: 'SYSTEM' }>>(kinds.SYSTEM.typeName).implement({
  description:
    'A system message: an event in the conversation. It has a number but does not count as unread. Clients render it from its fields, or show plainText.',
  interfaces: [MessageContentInterface],
  fields: (t) => ({
    event: t.field({
      type: SystemEventEnum,
      shareable: true,
      description: 'The event.',
      resolve: ({ content }) => content.event,
    }),
    actor: t.field({
      type: UserType,
      nullable: true,
      shareable: true,
      description: 'The user who caused the event; null if there is none.',
      resolve: ({ content }, _args, ctx) => (content.actor_id ? loadUser(ctx, content.actor_id) : null),
    }),
    subjects: t.field({
      type: [UserType],
      items: itemsInMessage,
      shareable: true,
      description: 'The users whom the event concerns, at most the first 100.',
      resolve: ({ content }, _args, ctx) =>
        lookUpExisting(content.subject_ids, (userId) => loadUser(ctx, userId)),
    }),
    subjectCount: t.int({
      shareable: true,
      description: 'Number of users whom the event concerns.',
      resolve: ({ content }) => content.subject_count,
    }),
    change: t.field({
      type: SystemChangeUnion,
      nullable: true,
      shareable: true,
      description:
        'What the event changed; null if the event, actor and subjects say everything, or the message is older than this field.',
      resolve: ({ content, place }) => changeOf(content, place),
    }),
  }),
})
