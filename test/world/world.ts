import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import type { Overrides } from '../../src/slice.ts'
import { cheapHashing } from '../setup/cheap-hashing.ts'
import { createTestDatabase, type TestDatabase } from '../setup/database.ts'
import { withoutFfmpeg } from '../setup/ffmpeg.ts'
import { generousLimits } from '../setup/generous-limits.ts'
import { quickPush } from '../setup/quick-push.ts'
import { quickWebhooks } from '../setup/quick-webhooks.ts'
import { perform } from './client.ts'
import { withDeadline, withSettings } from './deadline.ts'
import { expectDeclaredErrors, sharedSchema } from './declared-errors.ts'
import { Register } from './operations.ts'
import { credentialsOf, Person, passwordOf } from './person.ts'

export interface World {
  readonly url: string
  readonly databaseUrl: string
  /** The folder in which the server stores files, such as uploads. */
  readonly dataDir: string
  /** The backend of each part. */
  readonly parts: Record<string, string>
  /** Registers a new user; the handle differs if the name is used. */
  person(name: string): Promise<Person>
  people<Names extends string[]>(...names: Names): Promise<{ [Index in keyof Names]: Person }>
  /** Registers users who are all friends of each other. */
  friends<Names extends string[]>(...names: Names): Promise<{ [Index in keyof Names]: Person }>
  /** Ends the server and starts it again at the same address. */
  restarts(): Promise<void>
  /** Runs work while requests that arrive have this deadline. */
  withDeadline<Result>(ms: number, work: () => Promise<Result>): Promise<Result>
  /** Runs work while the server has other settings, of those that it reads for each request. */
  withSettings<Result>(settings: Partial<Config>, work: () => Promise<Result>): Promise<Result>
}

const secret = 'a secret for tests that is long enough'

/** For tests in which more transactions than usual must run at the same time. */
export const manyConnections = { DATABASE_POOL_SIZE: '10' }

/** A server with its own database for the tests of one file; `reach` may put something between the two. */
export function useWorld(
  env: Record<string, string> = {},
  overrides: Overrides = {},
  reach: (databaseUrl: string) => string | Promise<string> = (url) => url,
): World {
  let app: App
  let config: Config
  let database: TestDatabase
  let dataDir: string
  let count = 0
  const users: Person[] = []
  expectDeclaredErrors()

  beforeAll(async () => {
    database = await createTestDatabase()
    dataDir = await mkdtemp(join(tmpdir(), 'parlance-world-'))
    config = readConfig({
      PORT: '0',
      LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'error',
      AUTH_SECRET: secret,
      DATA_DIR: dataDir,
      DATABASE_URL: await reach(database.url),
      // Few: each connection is a process, which plans every statement anew.
      DATABASE_POOL_SIZE: '4',
      REDIS_URL: process.env.REDIS_URL ?? '',
      ...generousLimits,
      ...withoutFfmpeg,
      GROUP_ADDITIONS_FROM: 'everyone',
      ...env,
    })
    app = await start(config)
  })

  const start = (given: Config) =>
    createApp(given, {
      passwordHashing: cheapHashing,
      pushTimings: quickPush,
      webhookTimings: quickWebhooks,
      schema: sharedSchema(),
      ...overrides,
    })

  // The last one runs first, and each runs although another fails.
  afterAll(async () => dataDir && rm(dataDir, { recursive: true, force: true }))
  afterAll(() => database?.drop())
  afterAll(() => app?.close())
  afterAll(() => Promise.all(users.map((person) => person.dispose())))

  async function person(name: string): Promise<Person> {
    count += 1
    const handle = `${name}${letters(count)}`
    const input = {
      handle,
      displayName: name,
      password: passwordOf(handle),
      device: { name: 'test', platform: 'WEB' as const },
    }
    const { register } = await perform(app.url, Register, { input }, null)
    const user = new Person(app.url, name, { id: register.user.id, handle }, credentialsOf(register))
    users.push(user)
    return user
  }

  async function people(...names: string[]): Promise<Person[]> {
    return Promise.all(names.map(person))
  }

  async function friends(...names: string[]): Promise<Person[]> {
    const all = await people(...names)
    for (const [index, one] of all.entries())
      for (const other of all.slice(index + 1)) await one.befriends(other)
    return all
  }

  return {
    get url() {
      return app.url
    },
    get databaseUrl() {
      return database.url
    },
    get dataDir() {
      return dataDir
    },
    get parts() {
      return app.parts
    },
    person,
    people: people as World['people'],
    friends: friends as World['friends'],
    async restarts() {
      const port = Number(new URL(app.url).port)
      await app.close()
      app = await start({ ...config, port })
    },
    withDeadline: (ms, work) => withDeadline(config, ms, work),
    withSettings: (settings, work) => withSettings(config, settings, work),
  }
}

/** Handles must not look alike, and digits resemble letters. */
function letters(count: number): string {
  const word = [...String(count)].map((digit) => 'bcdfghjkpz'[Number(digit)]).join('')
  return `.${word}`
}
