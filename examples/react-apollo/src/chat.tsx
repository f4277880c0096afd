import { useMutation, useQuery } from '@apollo/client/react'
import { type FormEvent, useEffect, useState } from 'react'
import { History, Read, Send } from './documents.ts'

export function Chat({ id }: { id: string }) {
  const { data } = useQuery(History, { variables: { id } })
  const [send, { error }] = useMutation(Send)
  const [read] = useMutation(Read)
  const [text, setText] = useState('')
  const messages = data?.conversation?.messages.nodes ?? []
  const newest = messages.at(-1)?.seq
  useEffect(() => {
    if (newest) void read({ variables: { input: { conversationId: id, readSeq: newest } } })
  }, [read, id, newest])

  function submit(event: FormEvent) {
    event.preventDefault()
    if (!text.trim()) return
    // With its key, a message is sent again until it arrives, and arrives once.
    const input = { conversationId: id, clientMessageId: crypto.randomUUID(), content: { text } }
    send({ variables: { input } }).catch(() => {})
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
      <p role="alert">{error?.message}</p>
      <form onSubmit={submit}>
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <button type="submit">Send</button>
      </form>
    </section>
  )
}
