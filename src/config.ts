import { z } from 'zod'
import { peopleConfig, peopleErrors, peopleSettings, sessionLimits } from './config/auth.ts'
import { readEnvironment, unknownVariables } from './config/environment.ts'
import { forClients, integer, list, secret, url } from './config/fields.ts'
import { readSettingsFile } from './config/file.ts'
import { gateConfig, gateErrors, gateSettings } from './config/gate.ts'
import { mediaConfig, mediaErrors, mediaLimits, mediaSettings } from './config/media.ts'
import { messageLimits } from './config/messages.ts'
import { metricsSettings, observabilityConfig, traceSettings } from './config/observability.ts'
import { presenceLimits } from './config/presence.ts'
import { pushConfig, pushErrors, pushLimits, pushSettings } from './config/push.ts'
import { proxySettings, rateLimits, trustedProxies } from './config/rate-limits.ts'
import { requestLimits } from './config/requests.ts'
import { serviceConfig, serviceErrors, serviceSettings } from './config/services.ts'
import { webhookConfig, webhookErrors, webhookLimits, webhookSettings } from './config/webhooks.ts'
import { OperatorError } from './platform/operator-error.ts'

const variables = {
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all IPv4 interfaces.'),
  PORT: integer(4000, [0, 65535], 'Port to listen on; 0 picks a free one.'),
  DRAIN_DELAY_MS: integer(
    0,
    [0, 300_000],
    'Time at shutdown in which /ready answers 503 and the port stays open, in milliseconds; longer than the interval of the health check of the load balancer.',
  ),
  DATA_DIR: z
    .string()
    .default('./data')
    .describe('Folder for the embedded database, the generated secret and, without S3_URL, uploads.'),
  ...serviceSettings,
  MEILI_URL: url('http:', 'https:')
    .optional()
    .describe('Meilisearch 1.15 or newer to search with instead of PostgreSQL.'),
  MEILI_KEY: secret(
    z.string().optional().describe('API key with all rights on the index, if Meilisearch has a master key.'),
  ),
  MEILI_INDEX: z
    .string()
    .regex(/^[a-zA-Z0-9_-]{1,200}$/, 'letters, digits, - and _, at most 200')
    .default('parlance_messages')
    .describe('Name of the index; one per database.'),
  AUTH_SECRET: secret(
    z
      .string()
      .min(32, 'at least 32 characters')
      .optional()
      .describe(
        'Secret of at least 32 characters from which the signing keys of tokens are derived. Required with REDIS_URL; otherwise generated once and stored in DATA_DIR.',
      ),
  ),
  AUTH_SECRET_ACCEPTED: secret(
    z
      .string()
      .min(32, 'at least 32 characters')
      .optional()
      .describe(
        'Second secret whose tokens and links are accepted, too, so that AUTH_SECRET can be replaced while sessions continue.',
      ),
  ),
  AUTH_SECRET_REPLACES: z
    .string()
    .regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits')
    .optional()
    .describe(
      'Fingerprint of the previous auth secret, to replace it on purpose. The start of a server with another secret prints it. All sessions end.',
    ),
  PUBLIC_URL: url('http:', 'https:')
    .optional()
    .describe('Base URL under which clients reach the server, if it is not the listening address.'),
  ALLOWED_ORIGINS: list.describe(
    'Web origins allowed to call from a browser, separated by commas, in addition to the server’s own pages; * allows all.',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Minimum level of log lines.'),
  ...metricsSettings,
  ...traceSettings,
  ...gateSettings,
  ...proxySettings,
  DIRECT_MESSAGES_FROM: z
    .enum(['friends', 'everyone'])
    .default('friends')
    .describe(
      'Who may send direct messages to a user: friends only, or everyone the user has not blocked. With everyone a refusal reveals the block.',
    ),
  GROUP_ADDITIONS_FROM: z
    .enum(['friends', 'everyone'])
    .default('friends')
    .describe(
      'Who may add a user to a group: friends only, or everyone the user has not blocked. With everyone a refusal reveals the block.',
    ),
  CUSTOM_MESSAGES: z
    .enum(['any', 'registered'])
    .default('any')
    .describe(
      'Which custom messages are accepted: any type with unvalidated data, or only the types registered in src/message-kinds.ts.',
    ),
  ...peopleSettings,
  ...mediaSettings,
  ...pushSettings,
  ...webhookSettings,
}

/** Each is set by its variable, such as textLength by LIMIT_TEXT_LENGTH. */
const limits = {
  textLength: forClients(integer(4000, [1, 100_000], 'Code points in the text of a message.')),
  groupSize: forClients(integer(5000, [2, 100_000], 'Members of a group.')),
  inlineGroupSize: forClients(
    integer(
      200,
      [2, 2000],
      'Members of a group up to which every message is delivered inline; larger groups receive signals.',
    ),
  ),
  groupAdditions: forClients(
    integer(500, [1, 10_000], 'Users named in one call that creates a group or adds members.'),
  ),
  groupInvites: integer(100, [1, 10_000], 'Active invites of a group.'),
  pendingJoinRequests: integer(1000, [1, 10_000], 'Pending join requests of a group.'),
  announcementLength: forClients(integer(4000, [1, 100_000], 'Code points in a group announcement.')),
  ...messageLimits,

  ...mediaLimits,

  ...presenceLimits,

  ...sessionLimits,

  ...requestLimits,
  ...rateLimits,
  ...pushLimits,
  ...webhookLimits,
}

const variableOf = (limit: string) => `LIMIT_${limit.replace(/[A-Z]/g, '_$&').toUpperCase()}`

export type Limits = Record<keyof typeof limits, number>
export type Config = ReturnType<typeof toConfig> & {
  /** Variables that look like settings and are none. */
  unknownVariables: string[]
}

const limitsByVariable = Object.fromEntries(
  Object.entries(limits).map(([name, limit]) => [variableOf(name), limit]),
)

/** Descriptions of the limits that clients read from `serverInfo.limits`. */
export const clientLimits = Object.entries(limits).flatMap(([name, limit]) =>
  limit.meta()?.forClients ? [{ name: name as keyof Limits, description: limit.description ?? '' }] : [],
)

/** Every environment variable of the server, with default, bounds and meaning. */
export const settings = z.object({ ...variables, ...limitsByVariable })

/** Settings that may be given as NAME_FILE. */
export const secretSettings = Object.entries(settings.shape).flatMap(([name, setting]) =>
  setting.meta()?.secret ? [name] : [],
)

export class ConfigError extends OperatorError {
  override name = 'ConfigError'
  readonly errors: readonly string[]

  constructor(errors: string[]) {
    super(`Invalid configuration:\n${errors.map((fault) => `  ${fault}`).join('\n')}`)
    this.errors = errors
  }
}

const settingNames = [...Object.keys(settings.shape), ...secretSettings.map((name) => `${name}_FILE`)]

/**
 * Reads the configuration from the environment and a file, or throws a ConfigError with every error. Of a setting in both
 * the environment counts.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  path: string | undefined = env.PARLANCE_CONFIG,
): Config {
  const ofEnvironment = readEnvironment(env, secretSettings)
  const file = path ? readSettingsFile(path, settingNames) : { values: {}, errors: [] }
  const ofFile = readEnvironment(file.values, secretSettings)
  const given = { ...ofFile.values, ...ofEnvironment.values }
  const parsed = settings.safeParse(given)
  const { errors: misspelt, unknown } = unknownVariables(given, Object.keys(settings.shape))
  const errors = [
    ...ofEnvironment.errors,
    ...file.errors,
    ...ofFile.errors,
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...misspelt,
    ...pageErrors(given),
    ...serviceErrors(given),
    ...gateErrors(given),
    ...peopleErrors(given),
    ...mediaErrors(given),
    ...pushErrors(given),
    ...webhookErrors(given),
  ]
  if (!parsed.success || errors.length > 0) throw new ConfigError(errors)
  return { ...toConfig(parsed.data), unknownVariables: unknown }
}

function pageErrors(given: Record<string, string | undefined>): string[] {
  const [pageSize, pageSizeMax] = [
    Number(given.LIMIT_PAGE_SIZE ?? 50),
    Number(given.LIMIT_PAGE_SIZE_MAX ?? 100),
  ]
  return pageSize > pageSizeMax ? ['LIMIT_PAGE_SIZE: must be at most LIMIT_PAGE_SIZE_MAX'] : []
}

function toConfig(env: z.infer<typeof settings>) {
  const values: Record<string, unknown> = env
  const limitOf = (name: string) => [name, values[variableOf(name)]]
  return {
    host: env.HOST,
    port: env.PORT,
    drainDelayMs: env.DRAIN_DELAY_MS,
    dataDir: env.DATA_DIR,
    ...serviceConfig(env),
    meiliUrl: env.MEILI_URL,
    meiliKey: env.MEILI_KEY,
    meiliIndex: env.MEILI_INDEX,
    authSecret: env.AUTH_SECRET,
    authSecretAccepted: env.AUTH_SECRET_ACCEPTED,
    authSecretReplaces: env.AUTH_SECRET_REPLACES,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ''),
    allowedOrigins: env.ALLOWED_ORIGINS,
    logLevel: env.LOG_LEVEL,
    ...observabilityConfig(env),
    ...gateConfig(env),
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
