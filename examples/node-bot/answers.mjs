/** Answers each message once and in order, also after a cut. */
export function answerMessages(client) {
  return client.on('message', ({ message, conversation }) => {
    const view = client.conversation(conversation.id)
    view.seen(message.seq)
    view.send(`You wrote: ${message.plainText}`).catch((error) => process.stderr.write(`${error.code}\n`))
  })
}
