import type { Message } from '@parlance/client'
import { messagesOf } from '@parlance/client/messages'
import { type UseConversation, useParlance } from '@parlance/vue'
import { ref, shallowRef } from 'vue'
import { textOf } from '../conversations/preview.ts'
import type { ChatContext } from './context.ts'
import type { OpenDialog } from './dialogs/kinds.ts'

export type MessageAction =
  | 'reply'
  | 'edit'
  | 'copy'
  | 'forward'
  | 'select'
  | 'pin'
  | 'unpin'
  | 'info'
  | 'recall'
  | 'report'

/** What the viewer does with messages, and what is open because of it. */
export function useActions(
  chat: UseConversation,
  context: ChatContext,
  run: (work: () => Promise<unknown>) => Promise<boolean>,
) {
  const actions = messagesOf(useParlance())
  const reply = ref<Message | null>(null)
  const edited = ref<Message | null>(null)
  const dialog = shallowRef<OpenDialog | null>(null)

  function stop(): void {
    reply.value = null
    edited.value = null
  }

  const work: Record<MessageAction, (message: Message) => void> = {
    reply: (message) => {
      reply.value = message
    },
    edit: (message) => {
      edited.value = message
    },
    copy: (message) => void run(() => navigator.clipboard.writeText(textOf(message))),
    forward: (message) => {
      dialog.value = { type: 'forward', seqs: [message.seq] }
    },
    select: (message) => context.toggle(message.seq),
    pin: (message) => void run(() => actions.pin(message.id)),
    unpin: (message) => void run(() => actions.unpin(message.id)),
    info: (message) => {
      dialog.value = { type: 'info', message }
    },
    recall: (message) => void run(() => chat.recall(message)),
    report: (message) => {
      dialog.value = { type: 'report', message }
    },
  }

  return {
    reply,
    edited,
    dialog,
    stop,
    act(message: Message, action: MessageAction) {
      stop()
      work[action](message)
    },
  }
}
