import {
  useEditMutation,
  useFirstScreenQuery,
  useHistoryPageQuery,
  useInboxSubscription,
  useReadMutation,
  useSendMutation,
} from '../generated/hooks.ts'

export function ConversationList() {
  const { data } = useFirstScreenQuery()
  const inbox = useInboxSubscription({ variables: { after: data?.syncCursor }, skip: !data })
  const event = inbox.data?.inbox
  const changed = event?.__typename === 'MessagesChanged' ? event.messages : []
  return (
    <>
      {data?.conversations.nodes.map(({ id, title, lastMessage }) => (
        <li key={id}>
          {title}: {lastMessage?.plainText}
        </li>
      ))}
      {changed.map(({ id, seq }) => (
        <b key={id}>{seq.toFixed()}</b>
      ))}
    </>
  )
}

export function History({ id }: { id: string }) {
  const { data, fetchMore } = useHistoryPageQuery({ variables: { id } })
  const [send] = useSendMutation()
  const [edit] = useEditMutation()
  const [read] = useReadMutation()
  const page = data?.conversation?.messages
  const text = 'Hello'
  return (
    <>
      <button
        type="button"
        onClick={() => void fetchMore({ variables: { before: page?.pageInfo.startCursor } })}
      />
      {page?.nodes.map((message) => (
        <p
          key={message.id}
          onMouseEnter={() =>
            void read({ variables: { input: { conversationId: id, readSeq: message.seq } } })
          }
          onDoubleClick={() =>
            void edit({ variables: { input: { messageId: message.id, content: { text } } } })
          }
        >
          {message.sender?.displayName} {message.plainText}
        </p>
      ))}
      <button
        type="button"
        onClick={() =>
          void send({
            variables: {
              input: { conversationId: id, clientMessageId: crypto.randomUUID(), content: { text } },
            },
          })
        }
      />
    </>
  )
}
