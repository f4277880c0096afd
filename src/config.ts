import { z } from 'zod'
import { peopleConfig, peopleFaults, peopleSettings } from './config/auth.ts'
import { count, list, url } from './config/fields.ts'
import { mediaConfig, mediaFaults, mediaLimits, mediaSettings } from './config/media.ts'
import { messageLimits } from './config/messages.ts'
import { presenceLimits } from './config/presence.ts'
import { pushConfig, pushFaults, pushLimits, pushSettings } from './config/push.ts'
import { proxySettings, rateLimits, trustedProxies } from './config/rate-limits.ts'
import { webhookConfig, webhookFaults, webhookLimits, webhookSettings } from './config/webhooks.ts'
import { OperatorError } from './platform/operator-error.ts'

const parts = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for every IPv4 network.'),
  PORT: count(4000, [0, 65535], 'Port to listen on; 0 takes a free one.'),
  DATA_DIR: z
    .string()
    .default('./data')
    .describe('Folder for what the server keeps itself: the embedded database and the generated secret.'),
  DATABASE_URL: url('postgresql:', 'postgres:')
    .optional()
    .describe('A PostgreSQL 15 or newer of your own, instead of the embedded one.'),
  REDIS_URL: url('redis:', 'rediss:')
    .optional()
    .describe(
      'A Redis 7 or newer that joins several servers on one DATABASE_URL. Without it, one server serves.',
    ),
  MEILI_URL: url('http:', 'https:')
    .optional()
    .describe('A Meilisearch 1.15 or newer that messages are searched with, instead of PostgreSQL itself.'),
  MEILI_KEY: z
    .string()
    .optional()
    .describe('Its key, with all rights on the index; needed unless it has none.'),
  MEILI_INDEX: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,200}$/, 'letters, digits, - and _, at most 200')
    .default('parlance_messages')
    .describe('The name of the index there; one for each database.'),
  DATABASE_POOL_SIZE: count(20, [4, 1000], 'Connections to the database that one server keeps at most.'),
  AUTH_SECRET: z
    .string()
    .min(32, 'at least 32 characters')
    .optional()
    .describe(
      'Secret of at least 32 characters that all tokens are made with. Required with REDIS_URL; otherwise made once and kept in DATA_DIR.',
    ),
  PUBLIC_URL: url('http:', 'https:')
    .optional()
    .describe('Where clients reach the server, when that is not the address it listens on.'),
  ALLOWED_ORIGINS: list.describe(
    'Web origins that may call from a browser, separated by commas; the server’s own page always may. * allows every one.',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('How much is logged.'),
  METRICS_PORT: z.coerce
    .number('a whole number')
    .int('a whole number')
    .min(0, 'at least 0')
    .max(65535, 'at most 65535')
    .optional()
    .describe('Port to serve metrics for Prometheus on, at /metrics; 0 takes a free one. None without it.'),
  METRICS_HOST: z.string().default('127.0.0.1').describe('Address to serve them on.'),
  ...proxySettings,
  DIRECT_MESSAGES_FROM: z
    .enum(['friends', 'everyone'])
    .default('friends')
    .describe('Who may write to a person directly: their friends, or everyone whom they do not block.'),
  GROUP_ADDITIONS_FROM: z
    .enum(['friends', 'everyone'])
    .default('everyone')
    .describe('Who may add a person to a group: their friends, or everyone whom they do not block.'),
  CUSTOM_MESSAGES: z
    .enum(['any', 'registered'])
    .default('any')
    .describe(
      'Which messages of an application’s own kinds are taken: any, with data that nobody checks, or only kinds in src/message-kinds.ts.',
    ),
  ...peopleSettings,
  ...mediaSettings,
  ...pushSettings,
  ...webhookSettings,
}

/** Each is set by the variable of its name: textLength by LIMIT_TEXT_LENGTH. */
const limits = {
  textLength: count(4000, [1, 100_000], 'Code points in the text of one message.'),
  groupSize: count(5000, [2, 100_000], 'Members of a group.'),
  directGroupSize: count(
    200,
    [2, 2000],
    'Members up to which every change is delivered in full; larger groups are signalled.',
  ),
  groupAdditions: count(500, [1, 10_000], 'People named in one call that creates a group or adds to one.'),
  groupInvites: count(100, [1, 10_000], 'Invites of one group that can be used at a time.'),
  pendingJoinRequests: count(1000, [1, 10_000], 'People who wait to be let into one group.'),
  announcementLength: count(4000, [1, 100_000], 'Code points of a group announcement.'),
  ...messageLimits,

  ...mediaLimits,

  ...presenceLimits,

  accessTokenSeconds: count(900, [5, 86_400], 'How long an access token is good.'),
  refreshTokenDays: count(30, [1, 3650], 'How long a session lives without being refreshed.'),
  endedSessionDays: count(
    30,
    [1, 3650],
    'How long a session that has ended is remembered, so that its refresh token is known to be dead.',
  ),
  refreshGraceSeconds: count(
    30,
    [0, 300],
    'How long a refresh that was answered, but not received, may be repeated.',
  ),

  pageSize: count(50, [1, 1000], 'Items of a page when a query does not say how many.'),
  pageSizeMax: count(100, [1, 1000], 'Items of a page at most.'),
  queryLength: count(15_000, [100, 1_000_000], 'Characters of a GraphQL document.'),
  queryDepth: count(16, [3, 100], 'Levels of a GraphQL document.'),
  queryCost: count(
    10_000,
    [100, 10_000_000],
    'Cost of a GraphQL operation: its fields, times the items of their pages.',
  ),
  aliases: count(15, [0, 1000], 'Aliases in a GraphQL document.'),
  directives: count(8, [0, 1000], 'Directives in a GraphQL document.'),
  bodyBytes: count(262_144, [1024, 16_777_216], 'Size of a request over HTTP.'),
  requestReceiveMs: count(
    15_000,
    [100, 300_000],
    'Time in which a request must arrive whole, in milliseconds; uploads have LIMIT_UPLOAD_SECONDS.',
  ),
  requestDeadlineMs: count(10_000, [100, 300_000], 'How long a query or mutation may take, in milliseconds.'),
  socketMessageBytes: count(65_536, [1024, 16_777_216], 'Size of one message from a client on a WebSocket.'),
  requestsInFlight: count(
    1000,
    [1, 100_000],
    'Queries and mutations that run at once; more are told to come back later.',
  ),
  sockets: count(15_000, [1, 1_000_000], 'WebSockets that one server holds open.'),
  operationsPerSocket: count(50, [1, 10_000], 'Operations that may run at once on one WebSocket.'),
  socketsPerDevice: count(3, [1, 1000], 'WebSockets that one session may hold open.'),
  pingMs: count(
    12_000,
    [50, 300_000],
    'How often a WebSocket is pinged, in milliseconds; one that leaves two pings unanswered is dropped.',
  ),
  stallMs: count(
    20_000,
    [100, 300_000],
    'How long a WebSocket may take no data before it is closed, in milliseconds.',
  ),
  closeSpreadMs: count(
    5000,
    [0, 20_000],
    'Time over which the WebSockets are closed when the server stops, in milliseconds.',
  ),
  ...rateLimits,
  ...pushLimits,
  ...webhookLimits,
}

const variableOf = (limit: string) => `LIMIT_${limit.replace(/[A-Z]/g, '_$&').toUpperCase()}`

export type Limits = Record<keyof typeof limits, number>
export type Config = ReturnType<typeof toConfig>

const limitsByVariable = Object.fromEntries(
  Object.entries(limits).map(([name, limit]) => [variableOf(name), limit]),
)

/** Every environment variable that the server reads, with its default and what it means. */
export const settings = z.object({ ...parts, ...limitsByVariable })

export class ConfigError extends OperatorError {
  override name = 'ConfigError'
  readonly faults: readonly string[]

  constructor(faults: string[]) {
    super(`The configuration has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/** Turns the environment into what the server works with, or throws with every fault at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  // Compose files and CI pass unset variables as empty strings.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const parsed = settings.safeParse(given)
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...crossFaults(given),
    ...peopleFaults(given),
    ...mediaFaults(given),
    ...pushFaults(given),
    ...webhookFaults(given),
  ]
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults)
  return toConfig(parsed.data)
}

function crossFaults(given: Record<string, string | undefined>): string[] {
  const faults: string[] = []
  if (given.REDIS_URL && !given.AUTH_SECRET)
    faults.push('AUTH_SECRET: required with REDIS_URL, since all servers must make the same tokens')
  for (const name of Object.keys(given))
    if (name.startsWith('LIMIT_') && !(name in settings.shape)) faults.push(`${name}: no such limit`)
  const [pageSize, pageSizeMax] = [
    Number(given.LIMIT_PAGE_SIZE ?? 50),
    Number(given.LIMIT_PAGE_SIZE_MAX ?? 100),
  ]
  if (pageSize > pageSizeMax) faults.push('LIMIT_PAGE_SIZE: not above LIMIT_PAGE_SIZE_MAX')
  return faults
}

function toConfig(env: z.infer<typeof settings>) {
  const values: Record<string, unknown> = env
  const limitOf = (name: string) => [name, values[variableOf(name)]]
  return {
    host: env.HOST,
    port: env.PORT,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    meiliUrl: env.MEILI_URL,
    meiliKey: env.MEILI_KEY,
    meiliIndex: env.MEILI_INDEX,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    authSecret: env.AUTH_SECRET,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
    allowedOrigins: env.ALLOWED_ORIGINS,
    logLevel: env.LOG_LEVEL,
    metrics: env.METRICS_PORT === undefined ? null : { host: env.METRICS_HOST, port: env.METRICS_PORT },
    trustProxy: trustedProxies(env.TRUST_PROXY),
    directMessagesFrom: env.DIRECT_MESSAGES_FROM,
    groupAdditionsFrom: env.GROUP_ADDITIONS_FROM,
    customMessages: env.CUSTOM_MESSAGES,
    media: mediaConfig(env),
    push: pushConfig(env),
    webhooks: webhookConfig(env),
    ...peopleConfig(env),
    limits: Object.fromEntries(Object.keys(limits).map(limitOf)) as Limits,
  }
}
