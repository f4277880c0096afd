import { createApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { OperatorError } from '../src/platform/operator-error.ts'

// npm run seed   creates three users with conversations, through the API of the server that runs with the same settings,
// or of one started for this purpose. It may be run again: existing data stays.

const users = [
  { handle: 'alice', displayName: 'Alice 艾丽丝' },
  { handle: 'bob', displayName: 'Bob' },
  { handle: 'carol', displayName: 'Carol 卡罗尔' },
] as const

// The password of the examples in GraphiQL's tabs.
const password = 'correct horse battery'

const conversation = [
  ['alice', '你好 Bob！周末去爬山吗？'],
  ['bob', 'Sounds good — which mountain?'],
  ['alice', '香山。红叶正好看 🍁'],
  ['bob', 'Count me in. 几点出发？'],
] as const

const planning = [
  ['alice', '欢迎大家，这里讨论周末的安排。'],
  ['bob', 'I will bring the sandwiches.'],
  ['carol', '我负责拍照 📷'],
  ['carol', 'And tea, of course.'],
] as const

type SeededUser = (typeof users)[number] & { id: string; accessToken: string }

async function call<Data>(
  url: string,
  token: string | null,
  query: string,
  variables: object,
): Promise<Data> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] }
  if (errors?.[0]) throw new Error(errors[0].message)
  return data
}

const signedIn = 'accessToken user { id }'

interface SignedIn {
  accessToken: string
  user: { id: string }
}

async function signIn(url: string, { handle, displayName }: (typeof users)[number]): Promise<SignedIn> {
  const device = { id: `seed-${handle}`, name: 'Seed', platform: 'DESKTOP' }
  const register = `mutation ($input: RegisterInput!) { register(input: $input) { ${signedIn} } }`
  const login = `mutation ($input: LoginInput!) { login(input: $input) { ${signedIn} } }`
  return call<{ register: SignedIn }>(url, null, register, {
    input: { handle, displayName, password, device },
  })
    .then((data) => data.register)
    .catch(
      async () =>
        (await call<{ login: SignedIn }>(url, null, login, { input: { handle, password, device } })).login,
    )
}

interface Opened {
  conversation: { id: string }
}

async function befriend(url: string, one: SeededUser, other: SeededUser): Promise<string> {
  const open =
    'mutation ($userId: ID!) { openDirectConversation(input: { userId: $userId }) { conversation { id } } }'
  const opened = () =>
    call<{ openDirectConversation: Opened }>(url, one.accessToken, open, { userId: other.id })
  const present = await opened().catch(() => null)
  if (present) return present.openDirectConversation.conversation.id

  const request =
    'mutation ($userId: ID!) { requestFriend(input: { userId: $userId }) { friendRequest { id status } } }'
  const asked = await call<{ requestFriend: { friendRequest: { id: string } } }>(
    url,
    one.accessToken,
    request,
    {
      userId: other.id,
    },
  )
  const accept =
    'mutation ($id: ID!) { acceptFriendRequest(input: { friendRequestId: $id }) { friendRequest { id } } }'
  await call(url, other.accessToken, accept, { id: asked.requestFriend.friendRequest.id })
  return (await opened()).openDirectConversation.conversation.id
}

async function talk(
  url: string,
  conversationId: string,
  lines: readonly (readonly [string, string])[],
  everyone: Map<string, SeededUser>,
): Promise<void> {
  const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { seq } } }'
  for (const [index, [handle, text]] of lines.entries()) {
    const input = {
      conversationId,
      clientMessageId: `seed-${conversationId.slice(-8)}-${index}`,
      content: { text },
    }
    await call(url, everyone.get(handle)?.accessToken ?? null, send, { input })
  }
}

async function seed(url: string, target: string): Promise<void> {
  const everyone = new Map<string, SeededUser>()
  for (const seeded of users) {
    const { accessToken, user } = await signIn(url, seeded)
    everyone.set(seeded.handle, { ...seeded, id: user.id, accessToken })
  }
  const [alice, bob, carol] = users.map(({ handle }) => everyone.get(handle)) as [
    SeededUser,
    SeededUser,
    SeededUser,
  ]

  await talk(url, await befriend(url, alice, bob), conversation, everyone)
  await befriend(url, alice, carol)
  await befriend(url, bob, carol)

  const create = 'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { conversation { id } } }'
  const input = { name: '周末计划 Weekend', memberIds: [bob.id, carol.id], idempotencyKey: 'seed-weekend' }
  const { createGroup } = await call<{ createGroup: Opened }>(url, alice.accessToken, create, {
    input,
  })
  await talk(url, createGroup.conversation.id, planning, everyone)
  process.stdout.write(instructions(target))
}

function instructions(target: string): string {
  return `
Filled ${target}:
three users who are friends, a direct conversation and a group.

  Users      ${users.map(({ handle }) => handle).join(', ')}
  Password   ${password}

Sign in to the web app at the address of the server. Or open GraphiQL at /graphql and run Login in the first tab for each
of them; the tabs then act as <alice> and <bob>.
`
}

async function reachable(url: string): Promise<boolean> {
  return fetch(`${url}/live`).then(
    (response) => response.ok,
    () => false,
  )
}

/** Where a server with these settings listens, reached from this machine: never PUBLIC_URL, which may be elsewhere. */
function localUrl({ host, port }: Config): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

async function main(): Promise<void> {
  const config = readConfig(process.env)
  const url = localUrl(config)
  const seedRunning = () => seed(url, `the running server ${url}`)
  if (await reachable(url)) return seedRunning()
  const app = await createApp(
    { ...config, port: 0 },
    { progress: (text) => process.stdout.write(`${text}\n`) },
  ).catch(async (error: unknown) => {
    // A server that has the data folder may have been starting.
    if (error instanceof OperatorError && (await reachable(url))) return null
    throw error
  })
  if (!app) return seedRunning()
  try {
    await seed(
      app.url,
      `the database of ${config.databaseUrl ? 'DATABASE_URL' : config.dataDir}, as no server answers at ${url}`,
    )
  } finally {
    await app.close()
  }
}

try {
  await main()
  process.exit(0)
} catch (error) {
  if (!(error instanceof OperatorError)) throw error
  process.stderr.write(`${error.message}\nIf that server is to be filled, run npm run seed with its PORT.\n`)
  process.exit(1)
}
