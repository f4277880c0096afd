import type { Counts } from './frame-reader.ts'
import { openWire, type Wire } from './wire.ts'

const send = 'mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { message { id seq } } }'

/** Selects only shareable fields, so that its events are executed once. */
const inbox = `subscription Inbox {
  inbox {
    __typename
    cursor
    ... on Checkpoint { caughtUp }
    ... on MessagesChanged {
      conversationId version maxSeq messageCount
      messages { id seq version senderName sentAt quoteSeq content { __typename ... on TextContent { text } } }
    }
    ... on ConversationSignal { conversationId version maxSeq messageCount }
  }
}`

/** One emoji, therefore one mark; some hundred bytes. */
const text = '周末去爬山吗？ I will bring sandwiches and tea, carol takes the pictures. See you at nine 🍁'

const sendHead = `","type":"subscribe","payload":{"query":${JSON.stringify(send)},"variables":{"input":{"conversationId":"`
const sendTail = `","content":{"text":${JSON.stringify(text)}}}}}}`

export const sendOperation = (id: string, conversationId: string, clientMessageId: string) =>
  `{"id":"${id}${sendHead}${conversationId}","clientMessageId":"${clientMessageId}${sendTail}`

const inboxOperation = JSON.stringify({ id: 'inbox', type: 'subscribe', payload: { query: inbox } })

export interface Client {
  url: string
  accessToken: string
  localAddress?: string
}

export async function signIn(
  client: Client,
  counts: Counts,
  onClosed: (code: number) => void,
): Promise<Wire> {
  const wire = await openWire({ ...client, path: '/graphql' }, counts, onClosed)
  wire.send(JSON.stringify({ type: 'connection_init', payload: { accessToken: client.accessToken } }))
  await wire.hears('connection_ack')
  return wire
}

export async function subscribe(
  client: Client,
  counts: Counts,
  onClosed: (code: number) => void,
): Promise<Wire> {
  const wire = await signIn(client, counts, onClosed)
  wire.send(inboxOperation)
  await wire.hears('"caughtUp":true')
  return wire
}
