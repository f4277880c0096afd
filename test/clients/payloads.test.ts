import { InMemoryCache } from '@apollo/client'
import { type DocumentNode, type GraphQLObjectType, getNamedType, parse } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parlanceCache } from '../../packages/apollo/src/type-policies.ts'
import { useModeratedWorld } from '../moderation/verbs.ts'
import { createMailServer } from '../notification/servers/mail.ts'
import { ask, type GraphqlBody } from '../server/wire.ts'
import type { Person } from '../world/person.ts'
import { EntityDocument, schema } from './entities.ts'
import { type Call, calls, type Scene, sceneOf, withoutCache } from './payload-scene.ts'

const mail = await createMailServer()
afterAll(() => mail.close())
const { world, molly } = useModeratedWorld({ ...mail.env, LIMIT_QUERY_COST: '10000000' })

const typeNamed = (name: string) => schema.getType(name) as GraphQLObjectType

type Stored = Record<string, Record<string, unknown>>

/** The cache of a client that selects everything. It holds no lists with pages. */
class Client {
  readonly #cache = new InMemoryCache(parlanceCache())
  readonly #person: Person

  constructor(person: Person) {
    this.#person = person
  }

  async does(text: string, variables: object = {}, over?: Call['over']): Promise<Record<string, unknown>> {
    const body = over ? await this.#overSocket(text, variables) : await this.#overHttp(text, variables)
    expect(body.errors, text.slice(0, 200)).toBeUndefined()
    const query: DocumentNode = parse(text)
    if (!text.startsWith('mutation')) this.#cache.writeQuery({ query, variables, data: body.data })
    else this.#cache.write({ query, variables, result: body.data ?? {}, dataId: 'ROOT_MUTATION' })
    return body.data ?? {}
  }

  async #overHttp(text: string, variables: object): Promise<GraphqlBody> {
    return (await ask(world.url, text, this.#person.credentials.accessToken, variables)).body
  }

  async #overSocket(query: string, variables: object): Promise<GraphqlBody> {
    const answers = this.#person.socket().iterate({ query, variables: { ...variables } })
    return (await answers.next()).value as GraphqlBody
  }

  /** Loads everything that the viewer sees at first. */
  async opens(): Promise<void> {
    const first = new EntityDocument()
    const [me, conversation] = [first.deep(typeNamed('Me')), first.deep(typeNamed('Conversation'))]
    await this.does(
      first.text(
        `{ me ${me} conversations(first: 50, filter: { includeHidden: true }) { nodes ${conversation} } }`,
      ),
    )
    const contacts = new EntityDocument()
    const [friend, request, user] = ['Friendship', 'FriendRequest', 'User'].map((name) =>
      contacts.deep(typeNamed(name)),
    )
    await this.does(
      contacts.text(`{ friends { nodes ${friend} } friendRequests { nodes ${request} }
        sent: friendRequests(direction: OUTGOING) { nodes ${request} } blockedUsers { nodes ${user} } }`),
    )
    for (const { __typename, id } of this.entities('DirectConversation', 'GroupConversation')) {
      const parts = new EntityDocument()
      const ofGroup = () => `... on GroupConversation {
        members { nodes ${parts.deep(typeNamed('GroupMember'))} }
        joinRequests { nodes ${parts.flat(typeNamed('GroupJoinRequest'))} } }`
      const messages = `messages(last: 50) { nodes ${parts.deep(typeNamed('Message'))} }`
      const more = __typename === 'GroupConversation' ? ofGroup() : ''
      await this.does(
        parts.text(`query ($id: ID!) { conversation(id: $id) { __typename id ${messages} ${more} } }`),
        { id },
      )
    }
  }

  get stored(): Stored {
    return this.#cache.extract() as Stored
  }

  entities(...types: string[]) {
    return Object.values(this.stored)
      .filter(
        ({ id, __typename }) =>
          typeof id === 'string' && (types.length === 0 || types.includes(String(__typename))),
      )
      .map(({ id, __typename }) => ({ id: String(id), __typename: String(__typename) }))
  }

  /** The same objects, read again. */
  async refetched(): Promise<Client> {
    const fresh = new Client(this.#person)
    for (const name of new Set(this.entities().map(({ __typename }) => __typename))) {
      const all = this.entities(name)
      const document = new EntityDocument()
      const text = document.text(
        `query ($ids: [ID!]!) { nodes(ids: $ids) ${document.flat(typeNamed(name))} }`,
      )
      for (let at = 0; at < all.length; at += 50)
        await fresh.does(text, { ids: all.slice(at, at + 50).map(({ id }) => id) })
    }
    return fresh
  }
}

/** What a client removes: the ids that a payload names as ended. */
const endedIn = (payload: object): string[] =>
  Object.entries(payload)
    .filter(([name, value]) => /^(left|dissolved|ended|removed|revoked)[A-Z]/.test(name) && value !== null)
    .map(([, value]) => String(value))

/** Fields of cached objects that are not as they would be read now, and objects that are gone but still referred to. */
function outdated(cached: Stored, fresh: Stored, ended: string[]): string[] {
  const objects = Object.entries(cached).filter(([, { id }]) => typeof id === 'string')
  const isEnded = (text: string) => ended.some((id) => text.includes(id))
  const remaining = objects.filter(([key, value]) => fresh[key] && !isEnded(JSON.stringify([key, value])))
  const refersTo = (key: string) =>
    remaining.some(([, value]) =>
      Object.entries(value).some(
        ([name, part]) => !name.includes('(') && JSON.stringify(part ?? '').includes(`"${key}"`),
      ),
    )
  return objects.flatMap(([key, value]) => {
    const now = fresh[key]
    if (!now) return isEnded(JSON.stringify([key, value])) || !refersTo(key) ? [] : [`${key} is gone`]
    return (
      Object.keys(now)
        .filter((name) => name in value && JSON.stringify(value[name]) !== JSON.stringify(now[name]))
        // The client removes references to what ended.
        .filter((name) => !isEnded(JSON.stringify(value[name])))
        .map(
          (name) =>
            `${String(value.__typename)}.${name}: ${JSON.stringify(value[name])} is ${JSON.stringify(now[name])}`,
        )
    )
  })
}

/** Receipts are derived from the positions of all members; a client loads them when it shows them. */
const receipts = /^(Message\.readerCount|GroupMember\.readSeq): /

/** What a mutation changes in any number of objects, which its description says. */
const unbounded: Record<string, RegExp> = {
  setReadReceipts: /^DirectConversation\.(receiptsEnabled|peer(Read|Delivered)Seq): /,
  updateProfile: /^Message\.(senderName|plainText|content): /,
  updateMembership: /^Message\.senderName: /,
}

let scene: Scene
beforeAll(async () => {
  scene = await sceneOf(world, molly(), mail)
})

test('every mutation is called, or has no cache to keep', () => {
  const all = Object.keys(schema.getMutationType()?.getFields() ?? {})
  expect([...Object.keys(calls), ...Object.keys(withoutCache)].sort()).toEqual(all.sort())
})

test.each(Object.keys(calls))('the payload of %s leaves nothing in a cache outdated', async (name) => {
  const mutation = schema.getMutationType()?.getFields()[name]
  const call = await calls[name]?.(scene)
  if (!mutation || !call) throw new Error(`There is no call of ${name}.`)
  const client = new Client(call.as ?? scene.alice)
  await client.opens()
  const document = new EntityDocument()
  const selection = document.payload(getNamedType(mutation.type) as GraphQLObjectType)
  const [input] = mutation.args
  const text = input
    ? `mutation ($input: ${input.type}) { ${name}(input: $input) ${selection} }`
    : `mutation { ${name} ${selection} }`
  const data = await client.does(document.text(text), { input: call.input }, call.over)
  const fresh = await client.refetched()
  const found = outdated(client.stored, fresh.stored, endedIn(data[name] as object))
  expect(found.filter((text) => !receipts.test(text) && !unbounded[name]?.test(text))).toEqual([])
})
