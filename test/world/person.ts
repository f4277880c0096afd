import { randomUUID } from 'node:crypto'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { Client, ClientOptions } from 'graphql-ws'
import type {
  CreateGroupInput,
  GroupRole,
  MessageContentInput,
  UpdateGroupInput,
  UpdateMembershipInput,
} from '../generated/graphql.ts'
import { type Answered, perform, present, socketClient } from './client.ts'
import { Inbox } from './inbox.ts'
import * as operations from './operations.ts'

export interface Credentials {
  accessToken: string
  refreshToken: string
  sessionId: string
}

interface Identified {
  id: string
}

/** A user with a name and a signed-in device. */
export class Person {
  readonly name: string
  readonly id: string
  readonly handle: string
  readonly url: string
  credentials: Credentials
  readonly #clients: Client[] = []

  constructor(url: string, name: string, identity: { id: string; handle: string }, credentials: Credentials) {
    this.url = url
    this.name = name
    this.id = identity.id
    this.handle = identity.handle
    this.credentials = credentials
  }

  do<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Answered<Data>> {
    return perform(this.url, document, variables, this.credentials.accessToken)
  }

  /** The same user on another device. */
  async onAnotherDevice(name = 'another device'): Promise<Person> {
    const device = { name, platform: 'IOS' as const, id: randomUUID() }
    const { login } = await perform(
      this.url,
      operations.Login,
      { input: { handle: this.handle, password: passwordOf(this.handle), device } },
      null,
    )
    const person = new Person(this.url, this.name, this, credentialsOf(login))
    this.#others.push(person)
    return person
  }

  readonly #others: Person[] = []

  /** A stock graphql-ws client of this device. */
  socket(retryAttempts = 0): Client {
    return this.#connects({ retryAttempts })
  }

  /** A client that stays connected after its last subscription, so that the server is the one that closes. */
  patientSocket(): Client {
    return this.#connects({ lazyCloseTimeout: 2_000 })
  }

  #connects(options: Partial<ClientOptions>): Client {
    const client = socketClient(this.url, () => this.credentials.accessToken, options)
    this.#clients.push(client)
    return client
  }

  /** Subscribes to the inbox and waits until it has caught up. */
  async listens(variables: { after?: string | null; streamId?: string | null } = {}): Promise<Inbox> {
    const inbox = new Inbox(this.socket(), variables)
    await inbox.sees('Checkpoint', (event) => event.caughtUp)
    return inbox
  }

  async dispose(): Promise<void> {
    await Promise.all([
      ...this.#clients.map((client) => client.dispose()),
      ...this.#others.map((o) => o.dispose()),
    ])
  }

  async befriends(other: Person): Promise<string> {
    const { friendRequest } = (await this.do(operations.RequestFriend, { userId: other.id })).requestFriend
    if (friendRequest.status === 'PENDING')
      await other.do(operations.AcceptFriendRequest, { id: friendRequest.id })
    return (await this.opens(other)).id
  }

  async opens(other: Person) {
    return (await this.do(operations.OpenDirectConversation, { userId: other.id })).openDirectConversation
      .conversation
  }

  async creates(name: string, members: Person[], more: Partial<CreateGroupInput> = {}) {
    const input = { name, memberIds: members.map((member) => member.id), ...more }
    return (await this.do(operations.CreateGroup, { input })).createGroup.conversation
  }

  async adds(groupId: string, ...people: Person[]) {
    const userIds = people.map((person) => person.id)
    return present(
      (await this.do(operations.AddGroupMembers, { groupId, userIds })).addGroupMembers.conversation,
    )
  }

  async removes(groupId: string, other: Person) {
    return present(
      (await this.do(operations.RemoveGroupMember, { groupId, userId: other.id })).removeGroupMember
        .conversation,
    )
  }

  async changesGroup(groupId: string, changes: Omit<UpdateGroupInput, 'groupId'>) {
    const input = { groupId, ...changes }
    return present((await this.do(operations.UpdateGroup, { input })).updateGroup.conversation)
  }

  async leaves(groupId: string) {
    return (await this.do(operations.LeaveGroup, { groupId })).leaveGroup.leftConversationId
  }

  async appoints(groupId: string, other: Person, role: GroupRole) {
    return (await this.do(operations.SetGroupMemberRole, { groupId, userId: other.id, role }))
      .setGroupMemberRole.member
  }

  async sends(
    conversationId: string,
    text: string,
    more: { clientMessageId?: string; quoteSeq?: number } = {},
  ) {
    return this.sendsContent(conversationId, { text }, more)
  }

  async sendsContent(
    conversationId: string,
    content: MessageContentInput,
    more: { clientMessageId?: string; quoteSeq?: number } = {},
  ) {
    const input = { conversationId, content, clientMessageId: randomUUID(), ...more }
    return (await this.do(operations.SendMessage, { input })).sendMessage.message
  }

  async edits(message: Identified, text: string) {
    return (await this.do(operations.EditMessage, { messageId: message.id, content: { text } })).editMessage
      .message
  }

  async recalls(message: Identified) {
    return (await this.do(operations.RecallMessage, { messageId: message.id })).recallMessage.message
  }

  async reads(conversationId: string, readSeq: number) {
    return (await this.do(operations.MarkRead, { conversationId, readSeq })).markRead.membership
  }

  async changesView(conversationId: string, changes: Omit<UpdateMembershipInput, 'conversationId'>) {
    const input = { conversationId, ...changes }
    return (await this.do(operations.UpdateMembership, { input })).updateMembership.membership
  }

  async conversation(id: string) {
    return (await this.do(operations.ConversationQuery, { id })).conversation
  }

  /** The newest messages of a conversation, oldest first; null if it is not visible to this user. */
  async history(id: string, last = 100) {
    const { conversation } = await this.do(operations.HistoryQuery, { id, last })
    return conversation?.messages.edges.map((edge) => edge.node) ?? null
  }

  async message(id: string) {
    return (await this.do(operations.MessageQuery, { id })).message
  }

  async changes(id: string, afterVersion: number, first?: number) {
    return (await this.do(operations.ChangesQuery, { id, afterVersion, first })).conversation?.changes ?? null
  }

  async me() {
    return (await this.do(operations.MeQuery, {})).me
  }

  async sync(after: string | null = null, first = 50) {
    return (await this.do(operations.SyncQuery, { after, first })).sync
  }

  async syncCursor() {
    return (await this.do(operations.SyncCursorQuery, {})).syncCursor
  }
}

export const passwordOf = (handle: string) => `the password of ${handle}`

export function credentialsOf(payload: {
  accessToken: string
  refreshToken: string
  session: { id: string }
}): Credentials {
  const { accessToken, refreshToken, session } = payload
  return { accessToken, refreshToken, sessionId: session.id }
}
