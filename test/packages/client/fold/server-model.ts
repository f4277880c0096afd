import type {
  Event,
  Friend,
  FriendRequest,
  JoinRequest,
  Listed,
  Me,
  OwnMessage,
  Person,
  Reaction,
  Row,
} from '../../../../packages/client/src/store/state.ts'

interface StoredMessage {
  seq: number
  version: number
  sender: string
  text: string
  mentionsAlice: boolean
  recalled: boolean
  quoteSeq: number | null
  reactions: Map<string, Set<string>>
}

export interface StoredConversation {
  id: string
  kind: 'direct' | 'inline' | 'signal'
  name: string
  version: number
  joined: boolean
  /** Counts the memberships of the viewer. */
  membership: number
  visibleFromSeq: number
  hidden: boolean
  role: 'ADMIN' | 'MEMBER' | null
  readSeq: number
  peerReadSeq: number
  draft: string | null
  messages: StoredMessage[]
  /** Positions of the others in a group, which no stream delivers again. */
  positions: Map<string, number>
}

type Entry = { event: (cursor: string) => Event; conversation: StoredConversation | null }

const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString()

/** The viewer, alice, and what the server knows for her, with a stream of numbered events. */
export class ServerModel {
  readonly conversations: StoredConversation[] = (['direct', 'inline', 'signal'] as const).map((kind) => ({
    id: kind,
    kind,
    ...{ name: 'first', version: 0, joined: true, readSeq: 0, peerReadSeq: 0, draft: null, messages: [] },
    ...{ membership: 0, visibleFromSeq: 1, hidden: false, role: kind === 'inline' ? 'ADMIN' : null },
    positions: new Map([
      ['bob', 1],
      ['carol', 1],
    ]),
  }))
  readonly names = new Map(['alice', 'bob', 'carol'].map((name) => [name, name]))
  remark: string | null = null
  isFriend = true
  requestStatus: FriendRequest['status'] = 'PENDING'
  readReceipts = true
  /** Of carol, to join the small group. */
  joinStatus: JoinRequest['status'] = 'PENDING'
  /** Every event, by its number. */
  readonly log: Entry[] = []
  #sent = 0

  person(id: string): Person {
    return { id, handle: id, displayName: this.names.get(id) as string, avatarUrl: null, deletedAt: null }
  }

  get me(): Me {
    // Messages have the same fields of their sender.
    const user = this.person('alice') as Me['user']
    return {
      id: 'me',
      unreadCount: 0,
      pendingFriendRequestCount: 0,
      readReceipts: this.readReceipts,
      moderator: false,
      user,
    }
  }

  message(conversation: StoredConversation, stored: StoredMessage): OwnMessage {
    const { seq, version, sender, recalled, reactions, mentionsAlice, quoteSeq } = stored
    const plainText = recalled ? '[recalled]' : stored.text
    const message: Omit<OwnMessage, ' $fragmentRefs'> = {
      id: `${conversation.id} ${seq}`,
      conversationId: conversation.id,
      ...{
        clientMessageId: null,
        seq,
        version,
        ordinal: seq,
        sentAt: at(seq),
        editedAt: null,
        quoteSeq,
        quote:
          quoteSeq && quoteSeq >= conversation.visibleFromSeq ? this.quote(conversation, quoteSeq) : null,
      },
      recalledAt: recalled ? at(version) : null,
      sender: this.person(sender),
      // In one group, bob has a nickname.
      senderName:
        conversation.id === 'signal' && sender === 'bob' ? 'bobby' : (this.names.get(sender) as string),
      ...{ mentionsAll: false, mentions: mentionsAlice ? [{ id: 'alice' }] : [], plainText },
      content: { __typename: 'TextContent', text: plainText },
      reactions: [...reactions].map(([emoji, users]) => ({
        emoji,
        count: users.size,
        reactedByMe: users.has('alice'),
      })),
    }
    return message
  }

  quote(conversation: StoredConversation, seq: number): OwnMessage['quote'] {
    const quoted = this.message(conversation, conversation.messages[seq - 1] as StoredMessage)
    const { id, version, senderName, plainText } = quoted
    return { id, seq, version, senderName, plainText }
  }

  get friendship(): Friend | null {
    const { remark } = this
    return this.isFriend ? { id: 'friendship', createdAt: at(0), remark, user: this.person('bob') } : null
  }

  get friendRequest(): FriendRequest {
    const status = this.requestStatus
    const users = { from: this.person('bob'), to: this.person('alice') }
    return { id: 'request', status, note: null, createdAt: at(0), ...users }
  }

  row(conversation: StoredConversation): Row {
    const { id, version, messages, readSeq, peerReadSeq, name, draft, visibleFromSeq } = conversation
    const { readReceipts } = this
    const unread = messages.filter((message) => message.seq > readSeq && !message.recalled)
    const mentions = unread.filter(({ mentionsAlice }) => mentionsAlice)
    const common = {
      ...{
        id,
        version,
        maxSeq: messages.length,
        messageCount: messages.length,
        createdAt: at(0),
        pinnedMessages: [],
      },
      lastActivityAt: at(messages.length),
      membership: {
        ...{
          readSeq,
          readCount: messages.length - unread.length,
          unreadMentionCount: mentions.length,
          draft,
        },
        nextMentionSeq: mentions[0]?.seq ?? null,
        ...{
          pinned: false,
          hidden: conversation.hidden,
          doNotDisturb: false,
          role: conversation.role,
          nickname: null,
          mutedUntil: null,
        },
        ...{ joinedAt: at(conversation.membership), visibleFromSeq },
      },
    }
    const peer = { ...this.person('bob'), friendship: this.isFriend ? { remark: this.remark } : null }
    const row =
      conversation.kind === 'direct'
        ? {
            __typename: 'DirectConversation',
            ...common,
            peer,
            peerReadSeq: readReceipts ? peerReadSeq : 0,
            peerDeliveredSeq: peerReadSeq,
            receiptsEnabled: readReceipts,
          }
        : { __typename: 'GroupConversation', ...common, name, memberCount: 3 }
    return row as unknown as Row
  }

  listed(conversation: StoredConversation): Listed {
    const last = this.visibleIn(conversation).at(-1)
    return { ...this.row(conversation), lastMessage: last ? this.message(conversation, last) : null }
  }

  visibleIn({ messages, visibleFromSeq }: StoredConversation): StoredMessage[] {
    return messages.slice(visibleFromSeq - 1)
  }

  /** Positions of members, as the viewer sees them. */
  positionsIn({ positions }: StoredConversation): Record<string, number> {
    return Object.fromEntries([...positions].map(([id, seq]) => [id, this.readReceipts ? seq : 0]))
  }

  /** An event has the same messages for every reader, without the viewer's reactions, and names the conversation once. */
  messagesChanged(conversation: StoredConversation, fromVersion: number): (cursor: string) => Event {
    const { id: conversationId, version, messages } = conversation
    const numbers = { version, maxSeq: messages.length, messageCount: messages.length }
    if (conversation.kind === 'signal')
      return (cursor) => ({ __typename: 'ConversationSignal', cursor, conversationId, ...numbers })
    const changed = this.visibleIn(conversation)
      .filter((message) => message.version > fromVersion)
      .map((stored) => this.message(conversation, stored))
      .map(({ conversationId: _, ...message }) => ({
        ...message,
        reactions: (message.reactions as readonly Reaction[]).map(({ emoji, count }) => ({ emoji, count })),
      }))
    return (cursor) => ({
      __typename: 'MessagesChanged',
      cursor,
      conversationId,
      fromVersion,
      ...numbers,
      messages: changed,
    })
  }

  #emit(conversation: StoredConversation | null, event: (cursor: string) => Event): void {
    // Only members have events; the one that ends the membership is the last.
    if (conversation?.joined !== false) this.log.push({ event, conversation })
  }

  #changed(conversation: StoredConversation): void {
    const snapshot = this.listed(conversation)
    this.#emit(conversation, (cursor) => ({
      __typename: 'ConversationChanged',
      cursor,
      conversation: snapshot,
    }))
  }

  /** A change of a message. Small conversations report changed counts; for large ones the pull does. */
  #touch(conversation: StoredConversation, message: StoredMessage, countsChanged: boolean): void {
    const { version } = conversation
    conversation.version += 1
    message.version = conversation.version
    this.#emit(conversation, this.messagesChanged(conversation, version))
    if (countsChanged && conversation.kind !== 'signal') this.#changed(conversation)
  }

  send(conversation: StoredConversation, sender: string, mentionsAlice: boolean, quoteSeq = 0): void {
    this.#sent += 1
    const seq = conversation.messages.length + 1
    const message = {
      ...{ seq, version: 0, sender, mentionsAlice, recalled: false, quoteSeq: quoteSeq || null },
      text: `text ${this.#sent}`,
      reactions: new Map(),
    }
    conversation.messages.push(message)
    conversation.hidden = false
    if (sender === 'alice') conversation.readSeq = seq
    if (sender === 'bob' && conversation.kind === 'direct') conversation.peerReadSeq = seq
    if (sender !== 'alice' && conversation.id === 'inline') conversation.positions.set(sender, seq)
    this.#touch(conversation, message, mentionsAlice && sender !== 'alice')
  }

  edit(conversation: StoredConversation, message: StoredMessage): void {
    this.#sent += 1
    message.text = `edited ${this.#sent}`
    this.#touch(conversation, message, false)
  }

  recall(conversation: StoredConversation, message: StoredMessage): void {
    if (message.recalled) return
    message.recalled = true
    this.#touch(conversation, message, message.seq > conversation.readSeq)
  }

  react(conversation: StoredConversation, message: StoredMessage, user: string, emoji: string): void {
    const users = message.reactions.get(emoji) ?? new Set()
    if (!users.delete(user)) users.add(user)
    if (users.size > 0) message.reactions.set(emoji, users)
    else message.reactions.delete(emoji)
    this.#touch(conversation, message, false)
  }

  read(conversation: StoredConversation, seq: number): void {
    if (seq <= conversation.readSeq) return
    conversation.readSeq = seq
    this.#changed(conversation)
  }

  peerReads(conversation: StoredConversation, seq: number): void {
    if (conversation.kind !== 'direct' || seq <= conversation.peerReadSeq) return
    conversation.peerReadSeq = seq
    // That a message was delivered is visible without receipts, too.
    const readSeq = this.readReceipts ? seq : 0
    const receipt = { conversationId: conversation.id, userId: 'bob', readSeq, deliveredSeq: seq }
    this.#emit(conversation, (cursor) => ({ __typename: 'ReceiptsChanged', cursor, ...receipt }))
  }

  memberReads(conversation: StoredConversation, userId: string, seq: number): void {
    if (conversation.id !== 'inline' || userId === 'alice') return
    if (seq <= (conversation.positions.get(userId) ?? 0)) return
    conversation.positions.set(userId, seq)
    if (!this.readReceipts) return
    const receipt = { conversationId: conversation.id, userId, readSeq: seq, deliveredSeq: seq }
    this.#emit(conversation, (cursor) => ({ __typename: 'ReceiptsChanged', cursor, ...receipt }))
  }

  /** A group crosses the size above which its messages are signalled. */
  cross(conversation: StoredConversation): void {
    if (conversation.kind === 'direct') return
    conversation.kind = conversation.kind === 'inline' ? 'signal' : 'inline'
    this.#changed(conversation)
  }

  rename(conversation: StoredConversation, name: string): void {
    conversation.name = name
    conversation.draft = `draft of ${name}`
    this.#changed(conversation)
  }

  leave(conversation: StoredConversation): void {
    if (conversation.kind === 'direct' || !conversation.joined) return
    const { id: conversationId } = conversation
    this.#emit(conversation, (cursor) => ({ __typename: 'ConversationRemoved', cursor, conversationId }))
    conversation.joined = false
  }

  join(conversation: StoredConversation): void {
    if (conversation.joined) return
    conversation.joined = true
    conversation.membership += 1
    if (conversation.role) conversation.role = 'MEMBER'
    // New members of the large group do not see its history.
    if (conversation.id === 'signal') conversation.visibleFromSeq = conversation.messages.length + 1
    conversation.readSeq = Math.max(conversation.readSeq, conversation.visibleFromSeq - 1)
    this.#changed(conversation)
  }

  hide(conversation: StoredConversation): void {
    conversation.hidden = true
    this.#changed(conversation)
  }

  appoint(conversation: StoredConversation): void {
    if (conversation.role !== 'MEMBER' || !conversation.joined) return
    conversation.role = 'ADMIN'
    this.#changed(conversation)
    if (this.joinStatus === 'PENDING') this.#joinRequestChanged(conversation)
  }

  setReadReceipts(enabled: boolean): void {
    this.readReceipts = enabled
    const { me } = this
    this.#emit(null, (cursor) => ({ __typename: 'MeChanged', cursor, me }))
    for (const conversation of this.conversations)
      if (conversation.kind === 'direct') this.#changed(conversation)
  }

  get joinRequest(): JoinRequest {
    const group = { conversationId: 'inline', name: 'first' }
    return {
      id: 'join',
      status: this.joinStatus,
      note: null,
      createdAt: at(0),
      user: this.person('carol'),
      group,
    }
  }

  /** What the viewer sees of the request, which is for admins. */
  joinRequestsIn({ joined, role }: StoredConversation): JoinRequest[] {
    return joined && role === 'ADMIN' ? [this.joinRequest] : []
  }

  answerJoinRequest(conversation: StoredConversation, status: JoinRequest['status']): void {
    if (conversation.id !== 'inline') return
    this.joinStatus = status
    if (conversation.joined && conversation.role === 'ADMIN') this.#joinRequestChanged(conversation)
  }

  #joinRequestChanged(conversation: StoredConversation): void {
    const { joinRequest } = this
    this.#emit(conversation, (cursor) => ({ __typename: 'JoinRequestChanged', cursor, joinRequest }))
  }

  renamePerson(name: string): void {
    this.names.set('bob', name)
    const user = this.person('bob')
    this.#emit(null, (cursor) => ({ __typename: 'UserChanged', cursor, user }))
  }

  giveRemark(remark: string | null): void {
    this.remark = remark
    this.#friendshipChanged()
  }

  /** Ends the friendship, or begins it again. */
  befriend(isFriend: boolean): void {
    this.isFriend = isFriend
    this.#friendshipChanged()
  }

  #friendshipChanged(): void {
    const { friendship } = this
    this.#emit(null, (cursor) => ({ __typename: 'FriendshipChanged', cursor, userId: 'bob', friendship }))
  }

  answerRequest(status: FriendRequest['status']): void {
    this.requestStatus = status
    const { friendRequest } = this
    this.#emit(null, (cursor) => ({ __typename: 'FriendRequestChanged', cursor, friendRequest }))
  }
}
