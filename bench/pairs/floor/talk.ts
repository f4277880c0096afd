import { openWire } from '../../load/wire.ts'
import { type OpenTalk, talkText } from '../talk.ts'

const closed = () => {}

export const openFloorTalk: OpenTalk = async ({ url, sender, receiver, conversationId }, listener) => {
  const counts = { frames: 0, marks: 0, bytes: 0 }
  const open = (name: string) => openWire({ url, path: `/${name}` }, counts, closed)
  const [from, to] = await Promise.all([open(sender), open(receiver)])
  from.listen(listener.acknowledged)
  to.listen(listener.delivered)
  return {
    send: (key) => from.send(JSON.stringify({ key, conversationId, to: receiver, text: talkText })),
    close() {
      from.close()
      to.close()
    },
  }
}
