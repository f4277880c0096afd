import { WebSocket } from 'ws'
import type { MiniProgram } from '../../../../packages/client/src/wx.ts'

type Listener<Event = void> = (event: Event) => void

/** A mini-program's `wx` over the network of Node, with storage in memory. */
export function standInWx() {
  const stored = new Map<string, string>()
  const shown = new Set<Listener>()
  const networks = new Set<Listener<{ isConnected: boolean }>>()
  const calls = { request: 0, connectSocket: 0 }

  const wx: MiniProgram = {
    request({ url, method, header, data, dataType, success, fail }) {
      calls.request += 1
      if (dataType === 'json') throw new Error('The platform would parse the answer.')
      fetch(url, { method, headers: header, body: data as string })
        .then(async (response) => success({ statusCode: response.status, data: await response.text() }))
        .catch((error: unknown) => fail({ errMsg: `request:fail ${String(error)}` }))
    },
    connectSocket({ url, protocols }) {
      calls.connectSocket += 1
      const socket = new WebSocket(url, protocols)
      return {
        send: ({ data }) => socket.send(data),
        close: ({ code = 1000, reason }) => socket.close(code, reason),
        onOpen: (listener) => void socket.on('open', () => listener()),
        onMessage: (listener) => void socket.on('message', (data) => listener({ data: String(data) })),
        onClose: (listener) => void socket.on('close', (code) => listener({ code })),
        onError: (listener) => void socket.on('error', (error) => listener(error)),
      }
    },
    // The platform answers with an empty text for a key that is missing.
    getStorageSync: (key) => stored.get(key) ?? '',
    setStorageSync: (key, value) => void stored.set(key, value),
    removeStorageSync: (key) => void stored.delete(key),
    onAppShow: (listener) => void shown.add(listener),
    offAppShow: (listener) => void shown.delete(listener),
    onNetworkStatusChange: (listener) => void networks.add(listener),
    offNetworkStatusChange: (listener) => void networks.delete(listener),
  }
  return {
    wx,
    calls,
    stored,
    comesBack: () => networks.forEach((listener) => void listener({ isConnected: true })),
  }
}
