import { standInWx } from './wx.mjs'

/** Starts the mini-program as the platform does, and returns its page. `onData` is called after each change. */
export async function startProgram(server, onData = () => {}) {
  let app
  let page
  Object.assign(globalThis, {
    wx: standInWx(server),
    App(given) {
      app = given
    },
    getApp: () => app,
    Page(given) {
      page = given
    },
  })
  await import('../app.js')
  await import('../pages/chat/chat.js')
  page.setData = (changes) => {
    Object.assign(page.data, changes)
    onData(page.data)
  }
  page.onLoad()
  return {
    page,
    types: (field, value) => page.onField({ currentTarget: { dataset: { field } }, detail: { value } }),
    opens: (id) => page.onOpen({ currentTarget: { dataset: { id } } }),
    close() {
      page.onUnload()
      app.parlance.close()
    },
  }
}
