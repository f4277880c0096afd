import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig, settings } from '../src/config.ts'

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
