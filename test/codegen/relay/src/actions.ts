import { graphql, useMutation } from 'react-relay'
import type { actionsEditMutation } from '../generated/actionsEditMutation.graphql.ts'
import type { actionsReadMutation } from '../generated/actionsReadMutation.graphql.ts'
import type { actionsSendMutation } from '../generated/actionsSendMutation.graphql.ts'

export function useActions(conversationId: string) {
  const [send] = useMutation<actionsSendMutation>(graphql`
    mutation actionsSendMutation($input: SendMessageInput!) {
      sendMessage(input: $input) {
        message {
          id
          ...history_bubble
        }
      }
    }
  `)
  const [edit] = useMutation<actionsEditMutation>(graphql`
    mutation actionsEditMutation($input: EditMessageInput!) {
      editMessage(input: $input) {
        message {
          ...history_bubble
        }
      }
    }
  `)
  const [read] = useMutation<actionsReadMutation>(graphql`
    mutation actionsReadMutation($input: MarkReadInput!) {
      markRead(input: $input) {
        membership {
          readSeq
          unreadCount
        }
        me {
          unreadCount
        }
      }
    }
  `)
  return {
    send: (text: string) =>
      send({
        variables: { input: { conversationId, clientMessageId: crypto.randomUUID(), content: { text } } },
      }),
    edit: (messageId: string, text: string) =>
      edit({ variables: { input: { messageId, content: { text } } } }),
    read: (readSeq: number) => read({ variables: { input: { conversationId, readSeq } } }),
  }
}
