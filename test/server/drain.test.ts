import { randomUUID } from 'node:crypto'
import { Agent, get, type IncomingMessage } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createTestDatabase } from '../setup/database.ts'
import { Receiver, webhookSecret } from '../webhook/receiver.ts'
import { activeTime } from '../world/stopwatch.ts'
import { ask, fetchPath, Wire } from './wire.ts'

const spreadMs = 1_000

/** A server that the test stops. */
async function startApp(env: Record<string, string> = {}): Promise<App> {
  const database = await createTestDatabase()
  const config = readConfig({
    PORT: '0',
    LOG_LEVEL: 'silent',
    AUTH_SECRET: 'a secret for tests that is long enough',
    DATABASE_URL: database.url,
    LIMIT_CLOSE_SPREAD_MS: String(spreadMs),
    ...env,
  })
  const app = await createApp(config)
  onTestFinished(async () => {
    await app.close()
    await database.drop()
  })
  return app
}

async function register(url: string): Promise<string> {
  const input = '{ handle: "ada", displayName: "Ada", password: "the password of ada" }'
  const { body } = await ask(url, `mutation { register(input: ${input}) { accessToken } }`)
  return (body.data as { register: { accessToken: string } }).register.accessToken
}

/** How the sockets of a stopping server are closed. A pause of the process closes them at once, and proves nothing. */
async function closings(): Promise<{ codes: number[]; spread: number; livedMs: number }> {
  const app = await startApp()
  const wires = await Promise.all(Array.from({ length: 40 }, () => Wire.ready(app.url)))
  const since = performance.now()
  const lived = activeTime()
  const all = wires.map((wire) => wire.closed.then(({ code }) => ({ code, at: performance.now() - since })))
  await app.close()
  const closed = await Promise.all(all)
  const livedMs = lived()
  const pausedMs = performance.now() - since - livedMs
  if (pausedMs > spreadMs / 2) return closings()
  const times = closed.map(({ at }) => at)
  const spread = Math.max(...times) - Math.min(...times)
  return { codes: closed.map(({ code }) => code), spread, livedMs }
}

test('a stopping server closes sockets with a spread of retry times', async () => {
  const { codes, spread, livedMs } = await closings()
  expect(codes).toEqual(Array(40).fill(1012))
  expect(spread).toBeGreaterThan(spreadMs / 2)
  expect(livedMs).toBeLessThan(3 * spreadMs)
})

test('streams end with their socket, and a client that does not close is disconnected', async () => {
  const app = await startApp()
  const token = await register(app.url)
  const wire = await Wire.ready(app.url, token)
  wire.subscribe('1', 'subscription { inbox { __typename } }')
  await wire.hears('next', '1')
  wire.ws.pause()
  const lived = activeTime()
  await app.close()
  expect(lived()).toBeLessThan(10_000)
  wire.ws.resume()
  expect((await wire.closed).code).toBe(1012)
})

test('a stopping server ends event streams without complete, so that clients connect again', async () => {
  const app = await startApp()
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${await register(app.url)}`,
    },
    body: JSON.stringify({ query: 'subscription { inbox { __typename } }' }),
  })
  let text = ''
  let stopped: Promise<void> | null = null
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part
    if (text.includes('Checkpoint')) stopped ??= app.close()
  }
  await stopped
  expect(text).toContain('Checkpoint')
  expect(text).not.toContain('event: complete')
})

test('a stopping server answers operations in progress and accepts no new ones', async () => {
  const censor = new Receiver()
  await censor.start()
  onTestFinished(() => censor.stop())
  let allow = () => {}
  const allowed = new Promise<void>((resolve) => {
    allow = resolve
  })
  censor.answers = () => ({ body: { action: 'allow' }, after: allowed })
  const app = await startApp({
    MESSAGE_HOOK_URL: censor.url,
    LIMIT_MESSAGE_HOOK_MS: '8000',
    WEBHOOK_SECRET: webhookSecret,
    WEBHOOK_ALLOW_PRIVATE: 'true',
  })
  const token = await register(app.url)
  const group = await ask(
    app.url,
    'mutation { createGroup(input: { name: "Notes", memberIds: [] }) { conversation { id } } }',
    token,
  )
  const { id } = (group.body.data as { createGroup: { conversation: { id: string } } }).createGroup
    .conversation
  const input = `{ conversationId: "${id}", clientMessageId: "${randomUUID()}", content: { text: "begun" } }`
  const begun = ask(app.url, `mutation { sendMessage(input: ${input}) { message { plainText } } }`, token)
  await expect.poll(() => censor.received.length).toBe(1)

  const closing = app.close()
  await expect
    .poll(() =>
      fetchPath(app.url, '/live').then(
        () => 'taken',
        () => 'refused',
      ),
    )
    .toBe('refused')
  allow()
  expect((await begun).body.data).toEqual({ sendMessage: { message: { plainText: 'begun' } } })
  await closing
})

test('a request on a kept-alive connection is answered with Connection: close', async () => {
  const app = await startApp()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const asks = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const question = get(`${app.url}/live`, { agent }, (answer) =>
        answer.resume().on('end', () => resolve(answer)),
      )
      question.on('error', reject)
    })
  expect((await asks()).headers.connection).toBe('keep-alive')
  const closing = app.close()
  const last = await asks()
  expect([last.statusCode, last.headers.connection]).toEqual([200, 'close'])
  await expect(asks()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await closing
})

test('a server without clients stops at once', async () => {
  const deserted = await startApp({ LIMIT_CLOSE_SPREAD_MS: '20000' })
  await fetchPath(deserted.url, '/live')
  // This server waits five seconds before it disconnects its client.
  const visited = await startApp()
  const wire = await Wire.ready(visited.url)
  wire.ws.pause()
  const closings = [
    visited.close().then(() => 'the one with a client'),
    deserted.close().then(() => 'the one without'),
  ]
  expect(await Promise.race(closings)).toBe('the one without')
  await Promise.all(closings)
})

test('during DRAIN_DELAY_MS /ready answers 503 while the port accepts and serves connections', async () => {
  const app = await startApp({ DRAIN_DELAY_MS: '3000' })
  const closing = app.close()
  expect((await fetchPath(app.url, '/ready')).status).toBe(503)
  const wire = await Wire.ready(app.url)
  wire.subscribe('1', '{ __typename }')
  expect((await wire.answers('1')).data).toEqual({ __typename: 'Query' })
  expect((await ask(app.url, '{ __typename }')).status).toBe(200)
  expect((await wire.closed).code).toBe(1012)
  await closing
  await expect(fetchPath(app.url, '/ready')).rejects.toThrow()
})
