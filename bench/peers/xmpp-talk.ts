import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type OpenTalk, talkText } from '../pairs/talk.ts'

const domain = 'localhost'
const header = `<?xml version='1.0'?><stream:stream to='${domain}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`

/** Sends a stanza and waits for an answer that contains the text. */
async function ask(socket: Socket, stanza: string, wanted: string): Promise<void> {
  socket.write(stanza)
  for (let read = ''; !read.includes(wanted); ) {
    const [chunk] = (await once(socket, 'data')) as [string]
    read += chunk
    if (/<failure|<stream:error|<\/stream:stream>/.test(read))
      throw new Error(`ejabberd refused: ${read.slice(0, 300)}`)
  }
}

/** Signs in over plain TCP. */
async function signIn(url: string, name: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  socket.setEncoding('utf8')
  await once(socket, 'connect')
  const password = Buffer.from(`\0${name}\0p`).toString('base64')
  await ask(socket, header, '</stream:features>')
  await ask(
    socket,
    `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${password}</auth>`,
    '<success',
  )
  await ask(socket, header, '</stream:features>')
  await ask(
    socket,
    `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>`,
    '</iq>',
  )
  // The server broadcasts the presence to the sender, too.
  await ask(socket, '<presence/>', '<presence')
  socket.on('end', () => {
    throw new Error(`ejabberd closed the connection of ${name}.`)
  })
  return socket
}

/** Calls back for each complete stanza that matches. */
function each(socket: Socket, stanza: RegExp, found: (text: string) => void): void {
  let rest = ''
  socket.on('data', (chunk: string) => {
    rest += chunk
    for (let match = stanza.exec(rest); match; match = stanza.exec(rest)) {
      rest = rest.slice(match.index + match[0].length)
      found(match[0])
    }
    if (rest.length > 100_000) rest = ''
  })
}

/** A chat message to a peer; the server acknowledges what it has taken over. */
export const openXmppTalk: OpenTalk = async ({ url, sender, receiver }, listener) => {
  const [from, to] = await Promise.all([signIn(url, sender), signIn(url, receiver)])
  // The sender alone: the server closes a session that asks for acknowledgements (XEP-0198) and gives none for 5,000 stanzas.
  await ask(from, "<enable xmlns='urn:xmpp:sm:3'/>", '<enabled')
  let sent = 0
  each(from, /<a [^>]*urn:xmpp:sm:3[^>]*>/, (text) => {
    if (Number(/h=['"](\d+)/.exec(text)?.[1]) >= sent) listener.acknowledged()
  })
  each(to, /<message[\s\S]*?<\/message>/, (text) => {
    if (text.includes('<body>')) listener.delivered()
  })
  return {
    send(key) {
      sent += 1
      from.write(
        `<message to='${receiver}@${domain}' type='chat' id='${key}'><body>${talkText}</body></message><r xmlns='urn:xmpp:sm:3'/>`,
      )
    },
    close() {
      from.destroy()
      to.destroy()
    },
  }
}
