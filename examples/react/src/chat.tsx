import { useComposer, useConversation } from '@parlance/react'
import { useEffect } from 'react'

export function Chat({ id }: { id: string }) {
  const conversation = useConversation(id)
  const { messages, pending, hasOlder, older, typing, seen } = conversation
  const { text, setText, submit } = useComposer(conversation)
  const newest = messages.at(-1)?.seq
  useEffect(() => seen(newest), [seen, newest])
  return (
    <section>
      {hasOlder && (
        <button type="button" onClick={() => void older()}>
          Older messages
        </button>
      )}
      <ol aria-label="Messages">
        {messages.map(({ seq, senderName, plainText }) => (
          <li key={seq}>
            <b>{senderName}</b> {plainText}
          </li>
        ))}
      </ol>
      {pending.map(({ key }) => (
        <p key={key}>Sending…</p>
      ))}
      <p>{typing.map(({ displayName }) => `${displayName} types…`)}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <input aria-label="Message" value={text} onChange={(event) => setText(event.target.value)} />
        <button type="submit">Send</button>
      </form>
    </section>
  )
}
