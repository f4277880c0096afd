import { type FormEvent, useEffect, useState } from 'react'
import { graphql, useLazyLoadQuery, useMutation } from 'react-relay'
import type { chatHistoryQuery } from './generated/chatHistoryQuery.graphql.ts'
import type { chatReadMutation } from './generated/chatReadMutation.graphql.ts'
import type { chatSendMutation } from './generated/chatSendMutation.graphql.ts'

export function Chat({ id, reloads }: { id: string; reloads: number }) {
  const { conversation } = useLazyLoadQuery<chatHistoryQuery>(
    graphql`
      query chatHistoryQuery($id: ID!) {
        conversation(id: $id) {
          messages(last: 50) @connection(key: "chat_messages") {
            edges {
              cursor
              node {
                id
                seq
                plainText
                sender {
                  displayName
                }
              }
            }
          }
        }
      }
    `,
    { id },
    { fetchKey: reloads, fetchPolicy: 'store-and-network' },
  )
  const [send] = useMutation<chatSendMutation>(graphql`
    mutation chatSendMutation($input: SendMessageInput!) {
      sendMessage(input: $input) {
        message {
          id
        }
      }
    }
  `)
  const [read] = useMutation<chatReadMutation>(graphql`
    mutation chatReadMutation($input: MarkReadInput!) {
      markRead(input: $input) {
        membership {
          id
        }
      }
    }
  `)
  const [text, setText] = useState('')
  const [error, setError] = useState('')
  const messages = (conversation?.messages.edges ?? []).map(({ node }) => node).sort((a, b) => a.seq - b.seq)
  const newest = messages.at(-1)?.seq
  useEffect(() => {
    if (newest) read({ variables: { input: { conversationId: id, readSeq: newest } } })
  }, [read, id, newest])

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!text.trim()) return
    // With its key, a message is sent again until it arrives, and arrives once.
    const input = { conversationId: id, clientMessageId: crypto.randomUUID(), content: { text } }
    send({ variables: { input }, onError: ({ message }) => setError(message) })
    setText('')
  }

  return (
    <section>
      <ol aria-label="Messages">
        {messages.map(({ seq, sender, plainText }) => (
          <li key={seq}>
            <b>{sender?.displayName}</b> {plainText}
          </li>
        ))}
      </ol>
      <p role="alert">{error}</p>
      <form onSubmit={submit}>
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <button type="submit">Send</button>
      </form>
    </section>
  )
}
