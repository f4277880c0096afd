import { WebSocket } from 'ws'

/** The part of `wx` that the client uses, over the network of Node. The server may be at another address. */
export function standInWx(server = 'http://localhost:4000') {
  const stored = new Map()
  const at = (url) =>
    url.replace(/^(http|ws):\/\/localhost:4000/, (_, scheme) => server.replace(/^http/, scheme))
  return {
    request({ url, method, header, data, success, fail }) {
      fetch(at(url), { method, headers: header, body: data })
        .then(async (response) => success({ statusCode: response.status, data: await response.text() }))
        .catch((error) => fail({ errMsg: `request:fail ${error.message}` }))
    },
    connectSocket({ url, protocols }) {
      const socket = new WebSocket(at(url), protocols)
      return {
        send: ({ data }) => socket.send(data),
        close: ({ code = 1000, reason }) => socket.close(code, reason),
        onOpen: (listener) => socket.on('open', listener),
        onMessage: (listener) => socket.on('message', (data) => listener({ data: String(data) })),
        onClose: (listener) => socket.on('close', (code) => listener({ code })),
        onError: (listener) => socket.on('error', listener),
      }
    },
    getStorageSync: (key) => stored.get(key) ?? '',
    setStorageSync: (key, value) => stored.set(key, value),
    removeStorageSync: (key) => stored.delete(key),
    onAppShow() {},
    offAppShow() {},
    onNetworkStatusChange() {},
    offNetworkStatusChange() {},
  }
}
