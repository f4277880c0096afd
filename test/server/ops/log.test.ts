import { randomUUID } from 'node:crypto'
import { Writable } from 'node:stream'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { createApp } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { createTestDatabase } from '../../setup/database.ts'
import { ask, send, Wire } from '../wire.ts'

test('the log has a line for every operation, without content or secrets', async () => {
  const { lines, url } = await startLogged()
  const password = 'the secret password of ada'
  const input = `{ handle: "ada", displayName: "Ada Secret", password: "${password}" }`
  const { body } = await ask(
    url,
    `mutation SignUp { register(input: ${input}) { accessToken refreshToken } }`,
  )
  const { accessToken, refreshToken } = (body.data as { register: Record<string, string> }).register
  await ask(url, `mutation Again { register(input: ${input}) { accessToken } }`)
  await ask(url, '{ me { nothing_secret } }', accessToken)
  await send(url, '{ "query": "secret', { 'x-request-id': 'malformed' })
  const wire = await Wire.ready(url, accessToken)
  wire.subscribe('1', 'query OnSocket { syncCursor }')
  await wire.answers('1')
  const text = `mutation Say($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }`
  const content = { text: 'a secret message' }
  wire.subscribe('2', text, { input: { conversationId: 'none', clientMessageId: randomUUID(), content } })
  await wire.answers('2')

  const operations = lines().filter(({ msg }) => String(msg).startsWith('operation'))
  expect(operations.map(({ operation, type, level, codes }) => [operation, type, level, codes])).toEqual([
    ['SignUp', 'mutation', 'debug', undefined],
    ['Again', 'mutation', 'info', ['CONFLICT']],
    [undefined, undefined, 'info', ['INVALID_INPUT']],
    ['OnSocket', 'query', 'debug', undefined],
    ['Say', 'mutation', 'info', ['NOT_FOUND']],
  ])
  for (const line of operations)
    expect(line).toMatchObject({ requestId: expect.any(String), durationMs: expect.any(Number) })
  expect(lines().find(({ requestId }) => requestId === 'malformed')).toMatchObject({
    level: 'info',
    code: 'INVALID_INPUT',
  })

  const everything = JSON.stringify(lines())
  for (const secret of [/secret/i, accessToken, refreshToken])
    expect(everything).not.toMatch(secret as string)
})

async function startLogged() {
  const database = await createTestDatabase()
  let written = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += chunk
      done()
    },
  })
  const log = pino({ level: 'debug', formatters: { level: (level) => ({ level }) } }, stream)
  const config = readConfig({
    PORT: '0',
    AUTH_SECRET: 'only for this test, and long enough for it',
    DATABASE_URL: database.url,
    LIMIT_CLOSE_SPREAD_MS: '0',
  })
  const app = await createApp(config, { log })
  onTestFinished(async () => {
    await app.close()
    await database.drop()
  })
  const lines = () =>
    written
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { lines, url: app.url }
}
