import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../server/wire.ts'
import { createTestDatabase } from '../setup/database.ts'
import { freePort } from '../setup/free-port.ts'
import { temporaryFolder } from '../setup/server-process.ts'
import { start } from './server.ts'

const secret = (letter: string) => letter.repeat(32)

test('each line of standard output is JSON with the instance, also while a heap snapshot is taken', async () => {
  const database = await createTestDatabase()
  const metricsPort = String(await freePort())
  const server = start({
    DATABASE_URL: database.url,
    AUTH_SECRET: secret('s'),
    LOG_LEVEL: 'debug',
    METRICS_PORT: metricsPort,
    METRICS_INSPECTION: 'on',
  })
  const lines: string[] = []
  server.child.stdout?.on('data', (chunk: Buffer) => lines.push(...String(chunk).split('\n').filter(Boolean)))
  const url = await server.ready()
  const input = '{ handle: "ada", displayName: "Ada", password: "correct horse battery" }'
  const { body } = await ask(
    url,
    `mutation { register(input: ${input}) { accessToken session { id } user { id } } }`,
  )
  const { register } = body.data as {
    register: { accessToken: string; session: { id: string }; user: { id: string } }
  }
  await ask(url, 'query Missing { conversation(id: "none") { id } }', register.accessToken)
  const heap = await fetch(`http://127.0.0.1:${metricsPort}/debug/heap`)
  expect(heap.headers.get('content-disposition')).toBe('attachment; filename="parlance.heapsnapshot"')
  const snapshot = await heap.text()
  // Not parsed, which takes longer than all else here.
  expect(snapshot.slice(0, 20)).toBe('{"snapshot":{"meta":')
  expect(snapshot.slice(-2)).toBe(']}')
  expect(snapshot.includes('"METRICS_INSPECTION"')).toBe(true)
  server.child.kill('SIGTERM')
  expect(await server.exited()).toEqual({ code: 0, signal: null })

  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(records.map(({ msg }) => msg)).toContain('applying migrations')
  expect(records.at(-1)).toMatchObject({ msg: 'server stopping', reason: 'SIGTERM' })
  expect(records).toContainEqual(expect.objectContaining({ msg: 'process inspected', what: 'heap snapshot' }))
  const instances = new Set(records.map(({ instance }) => instance))
  expect([...instances]).toEqual([expect.stringMatching(new RegExp(`^${server.pid}\\.\\w+ on `))])
  expect(records.find(({ operation }) => operation === 'Missing')).toMatchObject({
    userId: register.user.id,
    sessionId: register.session.id,
  })
  await database.drop()
})

test('another auth secret is refused at start, and accepted with the fingerprint of the previous one', async () => {
  const database = await createTestDatabase()
  const startWith = async (env: Record<string, string>) => {
    const server = start({ DATABASE_URL: database.url, LOG_LEVEL: 'warn', ...env })
    const started = await server.ready().then(
      () => true,
      () => false,
    )
    server.child.kill('SIGTERM')
    await server.exited()
    return { started, output: server.output() }
  }
  expect((await startWith({ AUTH_SECRET: secret('a') })).started).toBe(true)

  const refused = await startWith({ AUTH_SECRET: secret('b') })
  expect(refused).toMatchObject({ started: false })
  expect(refused.output).not.toMatch(/\n\s+at /)
  const fingerprint = refused.output.match(/set AUTH_SECRET_REPLACES=([0-9a-f]{16}) to replace it/)?.[1] ?? ''
  expect((await startWith({ AUTH_SECRET: secret('b'), AUTH_SECRET_REPLACES: '0'.repeat(16) })).started).toBe(
    false,
  )

  const replacing = { AUTH_SECRET: secret('b'), AUTH_SECRET_REPLACES: fingerprint }
  const replaced = await startWith(replacing)
  expect(replaced).toMatchObject({ started: true })
  expect(replaced.output).toContain('auth secret replaced')
  expect((await startWith(replacing)).output).not.toContain('auth secret replaced')
  expect((await startWith({ AUTH_SECRET: secret('a') })).started).toBe(false)
  await database.drop()
})

test('a lost secret file is refused, and no new secret is created', async () => {
  const DATA_DIR = await temporaryFolder()
  const database = await createTestDatabase()
  const file = join(DATA_DIR, 'auth-secret')
  const first = start({ DATABASE_URL: database.url, DATA_DIR })
  await first.ready()
  first.child.kill('SIGTERM')
  await first.exited()
  await rm(file)

  const second = start({ DATABASE_URL: database.url, DATA_DIR })
  expect((await second.exited()).code).toBe(1)
  expect(second.output()).toContain(`${file} is missing, with the auth secret`)
  await expect(readFile(file)).rejects.toThrow('ENOENT')
  await database.drop()
})
