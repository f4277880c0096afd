import type { Config } from '../config.ts'
import { errorCodes } from '../errors.ts'
import type { MessageKinds } from '../message/content/custom-kinds.ts'
import { builder } from '../platform/graphql/builder.ts'
import { features, schemaVersion, version } from './version.ts'

const limitMeanings = {
  textLength: 'Code points in the text of one message.',
  groupSize: 'Members of a group.',
  directGroupSize: 'Members up to which messages are delivered in full; larger groups are signalled.',
  groupAdditions: 'People named in one call that creates a group or adds to one.',
  announcementLength: 'Code points of a group announcement.',
  forwardCount: 'Messages forwarded at a time.',
  forwardTargets: 'Conversations to which messages are forwarded at a time.',
  uploadBytes: 'Bytes of one upload.',
  recallWindowSeconds: 'How long after sending a sender may recall.',
  editWindowSeconds: 'How long after sending a sender may edit.',
  editsPerMessage: 'How often one message may be edited.',
  pinnedMessages: 'Messages pinned in one conversation.',
  reactionsPerMessage: 'Different emojis on one message.',
  reactionsPerPerson: 'Emojis that one person may put on one message.',
  receiptGroupSize: 'Members up to which a group tells who has read what.',
  pageSize: 'Items of a page when a query does not say how many.',
  pageSizeMax: 'Items of a page at most.',
  queryDepth: 'Levels of an operation.',
  queryCost: 'Cost of an operation: its fields, times the items of their pages.',
} as const satisfies Partial<Record<keyof Config['limits'], string>>

type LimitName = keyof typeof limitMeanings

const LimitsType = builder.objectRef<Config['limits']>('Limits').implement({
  description: 'The limits a client should respect. One more than a limit is refused.',
  fields: (t) =>
    Object.fromEntries(
      Object.entries(limitMeanings).map(([name, description]) => [
        name,
        t.int({ description, resolve: (limits) => limits[name as LimitName] }),
      ]),
    ),
})

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description:
    'Why an operation was refused, in `extensions.code` of a GraphQL error. INVALID_INPUT also carries `extensions.issues` [{ path, message }].',
  values: Object.fromEntries(
    Object.entries(errorCodes).map(([name, description]) => [name, { description }]),
  ) as Record<keyof typeof errorCodes, { description: string }>,
})

function pushFeatures({ apns, fcm, webPush, gateway, mail }: Config['push']): string[] {
  const ways = { APNS: apns, FCM: fcm, WEB_PUSH: webPush, WEBHOOK: gateway, EMAIL: mail }
  return Object.entries(ways).flatMap(([name, settings]) => (settings ? [`push.${name}`] : []))
}

const CustomMessageKindType = builder
  .objectRef<MessageKinds['described'][number]>('CustomMessageKind')
  .implement({
    description: 'An application kind of message that this server validates.',
    fields: (t) => ({
      type: t.exposeString('type', { description: 'As in CustomContent.type.' }),
      schema: t.expose('schema', {
        type: 'JSONObject',
        description: 'What its data must be, as a JSON Schema.',
      }),
    }),
  })

const ServerInfoType = builder.objectRef<Config>('ServerInfo').implement({
  description: 'What this server is and can do.',
  fields: (t) => ({
    version: t.string({ description: 'The version of the server.', resolve: () => version }),
    limits: t.expose('limits', { type: LimitsType, description: 'The limits in force.' }),
    schemaVersion: t.int({
      description: 'Grows with every addition to this schema; nothing is ever taken away.',
      resolve: () => schemaVersion,
    }),
    features: t.stringList({
      description:
        'What is enabled here; transcoding where films get renditions, push.<provider> for each way by which people who are away are reached; customMessages.any where kinds that are not in messageKinds are taken too, else customMessages.registered.',
      resolve: ({ push, customMessages }, _args, { media }) => [
        ...features,
        `customMessages.${customMessages}`,
        ...(media.ffmpeg ? ['transcoding'] : []),
        ...pushFeatures(push),
      ],
    }),
    webPushPublicKey: t.string({
      nullable: true,
      description:
        'What a browser subscribes with (applicationServerKey); null when this server has no Web Push.',
      resolve: ({ push }) => push.webPush?.publicKey ?? null,
    }),
    messageKinds: t.field({
      type: [CustomMessageKindType],
      description:
        'The application kinds that this server validates. Others are taken too where features has customMessages.any.',
      resolve: (_config, _args, ctx) => [...ctx.messages.kinds.described],
    }),
    errorCodes: t.field({
      type: [ErrorCodeEnum],
      description: 'Every code a refusal may carry.',
      resolve: () => Object.keys(errorCodes) as (keyof typeof errorCodes)[],
    }),
  }),
})

builder.queryField('serverInfo', (t) =>
  t.field({
    type: ServerInfoType,
    description: 'Version, enabled features and limits; may be asked without signing in.',
    resolve: (_root, _args, ctx) => ctx.config,
  }),
)
