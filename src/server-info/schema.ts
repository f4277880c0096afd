import { type Config, clientLimits, type Limits } from '../config.ts'
import { errorCodes } from '../errors.ts'
import type { MessageKinds } from '../message/content/custom-kinds.ts'
import { PushProviderEnum } from '../notification/objects.ts'
import { builder } from '../platform/graphql/builder.ts'
import { ErrorCodeEnum } from '../platform/graphql/errors/extensions.ts'
import { degradedFeatures } from './degraded.ts'
import { schemaVersion, version } from './version.ts'

const LimitsType = builder.objectRef<Limits>('Limits').implement({
  description:
    'Limits that a client should respect. A request above a limit is refused; a page size above the maximum is reduced to it.',
  fields: (t) =>
    Object.fromEntries(
      clientLimits.map(({ name, description }) => [
        name,
        t.int({ description, resolve: (limits) => limits[name] }),
      ]),
    ),
})

const DegradedFeatureEnum = builder.enumType('DegradedFeature', {
  description: 'A feature that is limited because a part of the server is unavailable.',
  values: {
    LIVE: {
      value: 'live',
      description:
        'Events are up to two seconds late, and presence of users on other servers may be outdated.',
    },
    SEARCH: { value: 'search', description: 'Search fails or misses recent messages.' },
  } as const,
})

const CapabilitiesType = builder.objectRef<Config>('Capabilities').implement({
  description: 'Features that depend on the settings of the server.',
  fields: (t) => ({
    transcoding: t.boolean({
      description: 'Whether videos get renditions that play everywhere.',
      resolve: (_config, _args, { media }) => media.ffmpeg !== null,
    }),
    unregisteredMessages: t.boolean({
      description: 'Whether custom messages of types that are not in messageKinds are accepted.',
      resolve: ({ customMessages }) => customMessages === 'any',
    }),
    pushProviders: t.field({
      type: [PushProviderEnum],
      description: 'The services that deliver notifications.',
      resolve: ({ push }) => pushProviders(push),
    }),
  }),
})

function pushProviders({ apns, fcm, webPush, gateway, mail }: Config['push']) {
  const settings = { APNS: apns, FCM: fcm, WEB_PUSH: webPush, WEBHOOK: gateway, EMAIL: mail }
  return (Object.keys(settings) as (keyof typeof settings)[]).filter((name) => settings[name])
}

const CustomMessageKindType = builder
  .objectRef<MessageKinds['described'][number]>('CustomMessageKind')
  .implement({
    description: 'A custom message type that this server validates.',
    fields: (t) => ({
      type: t.exposeString('type', { description: 'The value of CustomContent.type.' }),
      schema: t.expose('schema', {
        type: 'JSONObject',
        description: 'JSON Schema of its data.',
      }),
    }),
  })

const ServerInfoType = builder.objectRef<Config>('ServerInfo').implement({
  description: 'Version, capabilities and limits of this server.',
  fields: (t) => ({
    version: t.string({ description: 'Server version.', resolve: () => version }),
    limits: t.expose('limits', { type: LimitsType, description: 'Current limits.' }),
    schemaVersion: t.int({
      description: 'Increases with every addition to this schema; nothing is ever removed.',
      resolve: () => schemaVersion,
    }),
    capabilities: t.field({
      type: CapabilitiesType,
      description: 'Features that depend on the settings of the server.',
      resolve: (config) => config,
    }),
    degraded: t.field({
      type: [DegradedFeatureEnum],
      description: 'Features that are limited because a part of the server is unavailable; usually empty.',
      resolve: (_config, _args, ctx) => degradedFeatures(ctx),
    }),
    maintenance: t.string({
      nullable: true,
      description:
        'Text of the operator while mutations are refused with UNAVAILABLE because of maintenance; null otherwise.',
      resolve: (_config, _args, ctx) => ctx.maintenance.current?.text ?? null,
    }),
    webPushPublicKey: t.string({
      nullable: true,
      description: 'Web Push key for `applicationServerKey`; null if Web Push is disabled.',
      resolve: ({ push }) => push.webPush?.publicKey ?? null,
    }),
    messageKinds: t.field({
      type: [CustomMessageKindType],
      items: 100,
      description: 'Custom message types that this server validates.',
      resolve: (_config, _args, ctx) => [...ctx.messages.kinds.described],
    }),
    errorCodes: t.field({
      type: [ErrorCodeEnum],
      description: 'All error codes.',
      resolve: () => Object.keys(errorCodes) as (keyof typeof errorCodes)[],
    }),
  }),
})

builder.queryField('serverInfo', (t) =>
  t.field({
    type: ServerInfoType,
    description: 'Version, capabilities and limits. Available without signing in.',
    resolve: (_root, _args, ctx) => ctx.config,
  }),
)
