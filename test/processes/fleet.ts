import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, inject } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../setup/database.ts'
import { type ServerProcess, spawnServer } from '../setup/server-process.ts'
import { perform } from '../world/client.ts'
import { Register } from '../world/operations.ts'
import { credentialsOf, Person, passwordOf } from '../world/person.ts'
import { type FaultProxy, faultProxy } from './fault-proxy.ts'

/** Several server processes on one database and one Redis. */
export interface Fleet {
  readonly urls: string[]
  readonly servers: ServerProcess[]
  readonly databaseUrl: string
  /** The network between each server and Redis. */
  readonly networks: FaultProxy[]
  /** A new user, who is connected to the server with this index. */
  person(name: string, server: number): Promise<Person>
  /** The same user and device, connected to another server. */
  at(person: Person, server: number): Person
  /** Stops a server as a deployment does, and starts it again on its port. */
  restarts(server: number): Promise<void>
}

/** Whether a Redis is available; the end of the run prints which. */
export const hasRedis = inject('redisUrl') !== null

/** Something that runs in front of the database, such as a pooler, and the settings that lead to it. */
export interface Front {
  env: Record<string, string>
  stop(): Promise<void>
}

export function useFleet(
  size: number,
  env: Record<string, string> | ((server: number) => Record<string, string>) = {},
  redisUrl = () => inject('redisUrl') ?? '',
  openFront?: (databaseUrl: string) => Promise<Front>,
): Fleet {
  const servers: ServerProcess[] = []
  const urls: string[] = []
  const networks: FaultProxy[] = []
  const users: Person[] = []
  let database: TestDatabase
  let front: Front | undefined

  const start = (server: number, port: string) =>
    spawnServer({
      PORT: port,
      DATABASE_URL: database.url,
      DATABASE_POOL_SIZE: '5',
      REDIS_URL: networks[server]?.url ?? '',
      AUTH_SECRET: 'a secret for tests that is long enough',
      DIRECT_MESSAGES_FROM: 'everyone',
      GROUP_ADDITIONS_FROM: 'everyone',
      LIMIT_CLOSE_SPREAD_MS: '500',
      LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'error',
      ...front?.env,
      ...(typeof env === 'function' ? env(server) : env),
    })

  beforeAll(async () => {
    database = await createTestDatabase()
    front = await openFront?.(database.url)
    for (let server = 0; server < size; server += 1) {
      networks.push(await faultProxy(redisUrl()))
      servers.push(start(server, '0'))
    }
    urls.push(...(await Promise.all(servers.map((server) => server.ready()))))
  })

  afterAll(async () => {
    await Promise.all(users.map((person) => person.dispose()))
    for (const server of servers) server.child.kill('SIGTERM')
    await Promise.all(servers.map((server) => server.exited()))
    await Promise.all(networks.map((network) => network.close()))
    await front?.stop()
    await database?.drop()
  })

  const urlOf = (server: number) => urls[server] ?? ''
  const known = (person: Person) => {
    users.push(person)
    return person
  }
  return {
    urls,
    servers,
    networks,
    get databaseUrl() {
      return database.url
    },
    async person(name, server) {
      const handle = `${name}.${randomUUID().replace(/[^a-f]/g, '')}`.slice(0, 30)
      const input = { handle, displayName: name, password: passwordOf(handle) }
      const { register } = await perform(urlOf(server), Register, { input }, null)
      return known(new Person(urlOf(server), name, { id: register.user.id, handle }, credentialsOf(register)))
    },
    at(person, server) {
      return known(new Person(urlOf(server), person.name, person, person.credentials))
    },
    async restarts(server) {
      servers[server]?.child.kill('SIGTERM')
      const { code } = (await servers[server]?.exited()) ?? {}
      if (code !== 0) throw new Error(`The server ended with ${code}:\n${servers[server]?.output()}`)
      const next = start(server, new URL(urlOf(server)).port)
      servers[server] = next
      await next.ready()
    },
  }
}
