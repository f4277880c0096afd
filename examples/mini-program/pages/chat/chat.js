Page({
  data: {
    signedIn: false,
    handle: 'alice',
    password: '',
    error: '',
    rows: [],
    open: '',
    messages: [],
    text: '',
  },

  onLoad() {
    this.parlance = getApp().parlance
    this.ends = [
      this.follow(this.parlance.session, ({ status }) => ({ signedIn: status === 'signedIn' })),
      this.follow(this.parlance.conversations, (all) => ({
        rows: all.map(({ id, title, unreadCount }) => ({ id, title, unreadCount })),
      })),
    ]
  },

  onUnload() {
    for (const end of this.ends) end()
    this.close?.()
  },

  /** Shows a signal until the returned function is called. */
  follow(signal, shown) {
    const show = () => this.setData(shown(signal.get()))
    const end = signal.subscribe(show)
    show()
    return end
  },

  onField({ currentTarget, detail }) {
    this.setData({ [currentTarget.dataset.field]: detail.value })
  },

  onSignIn() {
    const { handle, password } = this.data
    this.parlance.login({ handle, password }).catch(({ message }) => this.setData({ error: message }))
  },

  onOpen({ currentTarget }) {
    this.close?.()
    const view = this.parlance.conversation(currentTarget.dataset.id)
    this.view = view
    this.setData({ open: view.id })
    this.close = this.follow(view.messages, ({ items }) => {
      view.seen(items.at(-1)?.seq)
      return {
        // System messages have no sender.
        messages: items.map(({ seq, senderName, plainText }) => ({
          ...{ seq, plainText },
          name: senderName ?? '',
        })),
      }
    })
  },

  onSend() {
    const text = this.data.text.trim()
    this.setData({ text: '' })
    if (text) this.view.send(text).catch(({ message }) => this.setData({ error: message }))
  },
})
