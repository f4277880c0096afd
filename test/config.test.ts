import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import webpush from 'web-push'
import { ConfigError, readConfig, secretSettings, settings } from '../src/config.ts'

function errorsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.errors
    throw error
  }
}

describe('the configuration', () => {
  test('all variables are optional', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      dataDir: './data',
      databaseUrl: undefined,
      authSecret: undefined,
      allowedOrigins: [],
      directMessagesFrom: 'friends',
      limits: { textLength: 4000, pageSize: 50, pageSizeMax: 100, recallWindowSeconds: 120 },
    })
  })

  test('an empty variable counts as unset', () => {
    expect(readConfig({ DATABASE_URL: '', PORT: ' ', AUTH_SECRET: '' })).toEqual(readConfig({}))
  })

  test('a direct address requires the address of a pooler, and becomes the one of sessions', () => {
    const [DATABASE_DIRECT_URL, DATABASE_URL] = ['postgresql://db/chat', 'postgresql://pooler/chat']
    expect(errorsOf({ DATABASE_DIRECT_URL })).toEqual([
      'DATABASE_DIRECT_URL: requires DATABASE_URL, the address of the pooler',
    ])
    expect(readConfig({ DATABASE_DIRECT_URL, DATABASE_URL })).toMatchObject({
      databaseUrl: DATABASE_DIRECT_URL,
      databasePoolerUrl: DATABASE_URL,
    })
  })

  test('several hosts of PostgreSQL are refused with what to use instead', () => {
    for (const url of ['postgresql://a,b/chat', 'postgres://user:pass@a:5432,b:5432/chat'])
      expect(errorsOf({ DATABASE_URL: url })).toEqual([
        'DATABASE_URL: several hosts are not supported; use an address that leads to the primary after a failover',
      ])
    expect(errorsOf({ DATABASE_URL: 'postgresql://a/chat?options=-c%20x=1,2' })).toEqual([])
  })

  test('Sentinels are hosts with ports, and require the name of the primary', () => {
    const REDIS_URL = 'redis://user:pass@chat-primary/2'
    const several = { DATABASE_URL: 'postgres://db/chat', AUTH_SECRET: 'x'.repeat(32) }
    const { redis } = readConfig({
      ...several,
      REDIS_URL,
      REDIS_SENTINELS: 'sentinel-1, 10.0.0.2:5000,[::1]:26380',
      REDIS_SENTINEL_PASSWORD: 'word',
    })
    expect(redis).toEqual({
      url: REDIS_URL,
      sentinels: [
        { host: 'sentinel-1', port: 26_379 },
        { host: '10.0.0.2', port: 5000 },
        { host: '::1', port: 26_380 },
      ],
      sentinelPassword: 'word',
    })
    expect(errorsOf({ ...several, REDIS_SENTINELS: 'a:1' })).toEqual([
      expect.stringMatching(/^REDIS_SENTINELS: requires REDIS_URL/),
    ])
    for (const REDIS_SENTINELS of ['redis://a', 'a b', 'a:b'])
      expect(errorsOf({ ...several, REDIS_URL, REDIS_SENTINELS })).toEqual([
        expect.stringMatching(/^REDIS_SENTINELS: hosts with ports/),
      ])
  })

  test('settings are read from a file, beside the environment, and every name in it must be known', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlance-config-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const [file, secret] = [join(folder, 'parlance.env'), join(folder, 'secret')]
    await writeFile(secret, 's'.repeat(32))
    await writeFile(file, `# Comment\nPORT=4001\nHOST="0.0.0.0"\nAUTH_SECRET_FILE=${secret}\nMEILI_URL=\n`)
    const expected = { port: 4002, host: '0.0.0.0', authSecret: 's'.repeat(32), meiliUrl: undefined }
    expect(readConfig({ PARLANCE_CONFIG: file, PORT: '4002' })).toMatchObject(expected)
    expect(readConfig({ PARLANCE_CONFIG: '/none', PORT: '4002' }, file)).toMatchObject(expected)
    await writeFile(file, 'PORT=x\nNODE_ENV=production\n')
    expect(errorsOf({ PARLANCE_CONFIG: file })).toEqual([
      `NODE_ENV: unknown setting in ${file}`,
      'PORT: a whole number',
    ])
    expect(errorsOf({ PARLANCE_CONFIG: '/none' })).toEqual(['/none: the configuration file cannot be read'])
  })

  test('given variables are read', () => {
    const config = readConfig({
      PORT: '0',
      DATABASE_URL: 'postgresql://me@db/chat',
      AUTH_SECRET: 'x'.repeat(32),
      PUBLIC_URL: 'https://chat.example.com/',
      ALLOWED_ORIGINS: 'https://a.example, https://b.example',
      ADMIN_HANDLES: 'molly, Max.D',
      SESSIONS_PER_PLATFORM: 'IOS:1, WEB : 5',
      LIMIT_TEXT_LENGTH: '280',
    })
    expect(config).toMatchObject({
      port: 0,
      databaseUrl: 'postgresql://me@db/chat',
      publicUrl: 'https://chat.example.com',
      allowedOrigins: ['https://a.example', 'https://b.example'],
      adminHandles: ['molly', 'max.d'],
      sessionsPerPlatform: new Map([
        ['IOS', 1],
        ['WEB', 5],
      ]),
      limits: { textLength: 280 },
    })
  })

  test.each([
    ['PORT', '65536'],
    ['PORT', '40.5'],
    ['PUSH_PORTS', '443,65536'],
    ['PUSH_PORTS', '443,'],
    ['PORT', '4000 '.repeat(2)],
    ['DATABASE_POOL_SIZE', '3'],
    ['AUTH_SECRET', 'x'.repeat(31)],
    ['PUBLIC_URL', 'chat.example.com'],
    ['PUBLIC_URL', 'ftp://chat.example.com'],
    ['LOG_LEVEL', 'verbose'],
    ['DIRECT_MESSAGES_FROM', 'nobody'],
    ['ADMIN_HANDLES', 'molly, @max'],
    ['SESSIONS_PER_PLATFORM', 'IOS:1,PAGER:2'],
    ['SESSIONS_PER_PLATFORM', 'IOS:0'],
    ['SESSIONS_PER_PLATFORM', 'IOS'],
    ['LIMIT_GROUP_SIZE', '100001'],
    ['LIMIT_PAGE_SIZE', '101'],
    ['LIMIT_PAGESIZE', '50'],
  ])('refuses %s=%s, by name', (name, value) => {
    expect(errorsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))])
  })

  test('another kind of database, and incomplete groups of settings, are rejected', () => {
    expect(errorsOf({ DATABASE_URL: 'mysql://db/chat' })).toHaveLength(1)
    expect(errorsOf({ DATABASE_URL: 'postgres://db/chat' })).toEqual([])
    const several = { DATABASE_URL: 'postgres://db/chat', REDIS_URL: 'redis://bus' }
    expect(errorsOf(several)).toEqual([expect.stringMatching(/^AUTH_SECRET: /)])
    expect(errorsOf({ ...several, AUTH_SECRET: 'x'.repeat(32) })).toEqual([])
    for (const half of ['AUTH_ISSUER', 'AUTH_JWKS_URL'])
      expect(errorsOf({ [half]: 'https://id.example' })).toEqual([expect.stringMatching(/^AUTH_ISSUER: /)])
  })

  test.each(['WEBHOOK_URL', 'MESSAGE_HOOK_URL'])('%s is rejected without WEBHOOK_SECRET', (name) => {
    const url = { [name]: 'https://hooks.example' }
    expect(errorsOf(url)).toEqual([`WEBHOOK_SECRET: required with ${name}`])
    expect(errorsOf({ ...url, WEBHOOK_SECRET: 'x'.repeat(32) })).toEqual([])
  })

  test.each(['ftp://hooks.example', 'hooks.example', 'https://a.example, ftp://b.example'])(
    'WEBHOOK_URL=%s is rejected',
    (WEBHOOK_URL) => {
      expect(errorsOf({ WEBHOOK_URL, WEBHOOK_SECRET: 'x'.repeat(32) })).toEqual([
        expect.stringMatching(/^WEBHOOK_URL: /),
      ])
    },
  )

  test('a signing secret is base64 with the prefix whsec_, or any text', () => {
    const key = Buffer.from('a key that is known to two alone')
    const keysOf = (secret: string) => {
      const { push, webhooks } = readConfig({
        PUSH_GATEWAY_URL: 'https://gateway.example',
        PUSH_GATEWAY_SECRET: secret,
        WEBHOOK_SECRET: secret,
      })
      return [push.gateway?.key, webhooks.key]
    }
    expect(keysOf(`whsec_${key.toString('base64')}`)).toEqual([key, key])
    expect(keysOf(key.toString())).toEqual([key, key])
  })

  test.each([
    ['no base64', `whsec_${'!'.repeat(40)}`],
    ['only three characters', 'whsec_!!!'],
    ['nothing', 'whsec_'],
    ['23 bytes', `whsec_${randomBytes(23).toString('base64')}`],
    ['the alphabet of base64url', `whsec_${Buffer.alloc(32, 0xff).toString('base64url')}`],
    ['a character that a lenient decoder skips', `whsec_${randomBytes(32).toString('base64')} `],
    ['base64 that is cut off', `whsec_${randomBytes(30).toString('base64')}A`],
    ['31 characters without whsec_', 'x'.repeat(31)],
  ])('a signing secret of %s is rejected', (_what, secret) => {
    const errors = errorsOf({
      PUSH_GATEWAY_URL: 'https://gateway.example',
      PUSH_GATEWAY_SECRET: secret,
      WEBHOOK_SECRET: secret,
    })
    expect(errors.map((message) => message.split(':')[0])).toEqual(['PUSH_GATEWAY_SECRET', 'WEBHOOK_SECRET'])
  })

  test.each([
    ['24 bytes', `whsec_${randomBytes(24).toString('base64')}`],
    ['base64 without padding', `whsec_${randomBytes(32).toString('base64').replace(/=+$/, '')}`],
    ['32 characters', 'x'.repeat(32)],
  ])('a signing secret of %s is accepted', (_what, secret) => {
    expect(errorsOf({ WEBHOOK_SECRET: secret })).toEqual([])
  })

  test('VAPID keys are accepted as a pair of P-256, and rejected otherwise', () => {
    const { publicKey, privateKey } = webpush.generateVAPIDKeys()
    const errors = (VAPID_PUBLIC_KEY: string, VAPID_PRIVATE_KEY: string) =>
      errorsOf({ VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY, VAPID_SUBJECT: 'mailto:admin@example.com' }).map(
        (message) => message.split(':')[0],
      )
    expect(errors(publicKey, privateKey)).toEqual([])
    expect(errors(`${publicKey}=`, `${privateKey}=`)).toEqual([])
    const [zero, noPoint] = [Buffer.alloc(32), Buffer.alloc(65, 4)].map((key) => key.toString('base64url'))
    expect(errors(publicKey, zero ?? '')).toEqual(['VAPID_PRIVATE_KEY'])
    expect(errors(noPoint ?? '', privateKey)).toEqual(['VAPID_PUBLIC_KEY'])
    expect(errors(publicKey, privateKey.slice(1))).toEqual(['VAPID_PRIVATE_KEY'])
    expect(errors(publicKey, webpush.generateVAPIDKeys().privateKey)).toEqual(['VAPID_PRIVATE_KEY'])
  })

  test('a secret may be given as the path of a file, and only one of both', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlance-secrets-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'secret')
    await writeFile(file, `${'x'.repeat(32)}\n`)
    expect(readConfig({ AUTH_SECRET_FILE: file }).authSecret).toBe('x'.repeat(32))
    for (const name of secretSettings)
      expect(errorsOf({ [`${name}_FILE`]: join(folder, 'none') })).toContainEqual(
        `${name}_FILE: ${join(folder, 'none')} cannot be read (ENOENT)`,
      )
    expect(secretSettings).toEqual([
      ...[
        'DATABASE_URL',
        'DATABASE_DIRECT_URL',
        'DATABASE_REPLICA_URL',
        'REDIS_URL',
        'REDIS_SENTINEL_PASSWORD',
        'MEILI_KEY',
        'AUTH_SECRET',
        'AUTH_SECRET_ACCEPTED',
      ],
      ...['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'VAPID_PRIVATE_KEY', 'PUSH_GATEWAY_SECRET', 'SMTP_URL'],
      'WEBHOOK_SECRET',
    ])
    expect(errorsOf({ AUTH_SECRET_FILE: file, AUTH_SECRET: 'y'.repeat(32) })).toEqual([
      'AUTH_SECRET: set it or AUTH_SECRET_FILE, not both',
    ])
    await writeFile(file, '\n')
    expect(errorsOf({ AUTH_SECRET_FILE: file })).toEqual([`AUTH_SECRET_FILE: ${file} is empty`])
    await writeFile(file, 'short')
    expect(errorsOf({ AUTH_SECRET_FILE: file })).toEqual(['AUTH_SECRET: at least 32 characters'])
  })

  test.each([
    ['AUTH_SECRETS', 'AUTH_SECRET'],
    ['DATABSE_URL', null],
    ['DATABASE_ULR', 'DATABASE_URL'],
    ['METRIC_PORT', null],
    ['METRICS_PROT', 'METRICS_PORT'],
    ['LIMIT_TEXT_LENGHT', 'LIMIT_TEXT_LENGTH'],
  ])('a misspelt %s is an error that names %s', (name, meant) => {
    expect(errorsOf({ [name]: '1' })).toEqual(meant ? [`${name}: unknown; ${meant} is meant`] : [])
  })

  test('other variables with the prefix of a setting are listed, and those of container services are not', () => {
    const config = readConfig({
      DATABASE_CLUSTER: 'x',
      AUTH_SECRET_ROTATION: 'x',
      HOME: '/root',
      npm_config_cache: 'x',
      REDIS_SERVICE_HOST: '10.0.0.1',
      REDIS_PORT: 'tcp://10.0.0.1:6379',
      REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
    })
    expect(config.unknownVariables).toEqual(['DATABASE_CLUSTER', 'AUTH_SECRET_ROTATION'])
  })

  test('all errors are listed together', () => {
    const errors = errorsOf({
      PORT: 'http',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://db',
      LIMIT_PAGE_SIZE: '200',
      LIMIT_LENGTH: '1',
    })
    expect(errors.map((message) => message.split(':')[0])).toEqual([
      'PORT',
      'DATABASE_URL',
      'LOG_LEVEL',
      'LIMIT_LENGTH',
      'LIMIT_PAGE_SIZE',
    ])
  })

  test('every variable has a description', () => {
    for (const [name, setting] of Object.entries(settings.shape))
      expect(setting.description, name).toBeTruthy()
  })
})
