// node .ci/drive-image.mjs NAME podman OPTION…   runs the image `parlance` as a container of this name, read-only, as an
// ordinary user without capabilities, uses it as a client does, and ends it as a deployment does.

import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'

const [, , name, podman, ...store] = process.argv
const inPodman = (...args) => execFileSync(podman, [...store, ...args], { encoding: 'utf8' })

function expect(isTrue, what, found) {
  if (!isTrue) throw new Error(`Expected ${what}; found ${JSON.stringify(found)}.`)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

async function emptyDatabase() {
  const url = new URL(process.env.DATABASE_URL)
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  url.pathname = `/image_${process.pid}`
  await client.query(`create database image_${process.pid}`)
  await client.end()
  return url.href
}

async function answers(url) {
  for (let tries = 0; tries < 600; tries += 1) {
    const response = await fetch(url).catch(() => null)
    if (response?.ok) return response
    if (container.exitCode !== null) break
    await pause(100)
  }
  throw new Error(`${url} does not answer.`)
}

async function ask(query, variables, token) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  expect(!errors, 'no errors', errors)
  return Object.values(data)[0]
}

const port = await freePort()
const url = `http://127.0.0.1:${port}`
const settings = {
  DATABASE_URL: await emptyDatabase(),
  HOST: '127.0.0.1',
  PORT: String(port),
  AUTH_SECRET: 'a secret of a test run, of no use elsewhere',
  DIRECT_MESSAGES_FROM: 'everyone',
  LOG_LEVEL: 'warn',
}
const files = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()
const container = spawn(
  podman,
  [
    ...store,
    ...['run', '--name', name, '--runtime', 'runc', '--network', 'host', '--no-healthcheck'],
    // The limit of podman is higher than a machine may allow.
    ...['--ulimit', `nofile=${files}:${files}`, '--ulimit', 'nproc=1000:1000'],
    ...['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'all', '--security-opt', 'no-new-privileges'],
    ...Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    'localhost/parlance',
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
)
const ended = once(container, 'exit')

await answers(`${url}/live`)
await answers(`${url}/ready`)
inPodman('exec', name, 'node', 'deploy/health-check.mjs')
const status = inPodman('exec', name, 'cat', '/proc/1/status')
expect(/^Uid:\s+1000\s+1000\s+1000\s+1000$/m.test(status), 'the user 1000', status.match(/^Uid.*$/m)?.[0])
expect(/^CapEff:\s+0+$/m.test(status), 'no capabilities', status.match(/^CapEff.*$/m)?.[0])
expect(/^NoNewPrivs:\s+1$/m.test(status), 'no new privileges', status.match(/^NoNewPrivs.*$/m)?.[0])
const mount = inPodman('exec', name, 'cat', '/proc/1/mounts').match(/^\S+ \/ \S+ (\S+)/m)?.[1] ?? ''
expect(mount.split(',').includes('ro'), 'a root that cannot be written', mount)

const register = `mutation ($handle: String!) {
  register(input: { handle: $handle, displayName: $handle, password: "a password of a test run" }) {
    accessToken user { id } } }`
const [anna, bena] = [await ask(register, { handle: 'anna' }), await ask(register, { handle: 'bena' })]
const opened = await ask(
  'mutation ($userId: ID!) { openDirectConversation(input: { userId: $userId }) { conversation { id } } }',
  { userId: bena.user.id },
  anna.accessToken,
)
const { id } = opened.conversation
await ask(
  `mutation ($id: ID!) { sendMessage(input: { conversationId: $id, clientMessageId: "1",
     content: { text: "hello from an image" } }) { message { seq } } }`,
  { id },
  anna.accessToken,
)
const read = await ask(
  'query ($id: ID!) { conversation(id: $id) { messages(last: 1) { nodes { plainText } } } }',
  { id },
  bena.accessToken,
)
expect(read.messages.nodes[0]?.plainText === 'hello from an image', 'the message that was sent', read)

inPodman('kill', '--signal', 'TERM', name)
const [code] = await ended
expect(code === 0, 'exit code 0 after SIGTERM', code)
