import { Typing } from '../generated/documents.ts'
import { lazy, type Signal } from '../signal.ts'
import type { Person } from '../store/state.ts'
import type { Socket } from '../transport/socket.ts'

/** Longer than an indicator lasts; its end may be lost in a cut. */
const forgottenAfterMs = 8_000

/** The users who type in a conversation, while the signal has subscribers. */
export function typingIn(
  socket: Pick<Socket, 'subscribe'>,
  conversationId: string,
): Signal<readonly Person[]> {
  return lazy<readonly Person[]>([], (target) => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    const end = (id: string) => {
      clearTimeout(timers.get(id))
      timers.delete(id)
      target.set(target.get().filter((user) => user.id !== id))
    }
    const stop = socket.subscribe(Typing, () => ({ conversationId }), {
      next({ typing: { user, typing } }) {
        end(user.id)
        if (!typing) return
        timers.set(
          user.id,
          setTimeout(() => end(user.id), forgottenAfterMs),
        )
        target.set([...target.get(), user])
      },
      end() {},
    })
    return () => {
      stop()
      for (const id of [...timers.keys()]) end(id)
    }
  })
}
