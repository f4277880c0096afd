import { sendOperation, signIn, subscribe } from '../load/operations.ts'
import type { OpenTalk } from './talk.ts'

const closed = (code: number) => {
  if (code !== 1000) throw new Error(`A socket was closed: ${code}`)
}

/** A mutation on one socket, and the inbox of the peer on another one. */
export const openParlanceTalk: OpenTalk = async (
  { url, receiverUrl = url, sender, receiver, conversationId },
  listener,
) => {
  const counts = { frames: 0, marks: 0, bytes: 0 }
  const [from, to] = await Promise.all([
    signIn({ url, accessToken: sender }, counts, closed),
    subscribe({ url: receiverUrl, accessToken: receiver }, counts, closed),
  ])
  from.listen((text) => {
    if (text.includes('"errors"')) throw new Error(`A send was refused: ${text}`)
    if (text.includes('"next"')) listener.acknowledged()
  })
  to.listen((text) => {
    if (text.includes('"MessagesChanged"')) listener.delivered()
  })
  return {
    send: (key) => from.send(sendOperation(key, conversationId, key)),
    close() {
      from.close()
      to.close()
    },
  }
}
