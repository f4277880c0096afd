import type { UploadRequest } from './outbox/upload.ts'
import type { KeyValueStorage } from './session/storage.ts'
import type { OpenWebSocket, WebSocketLike } from './transport/frames.ts'
import type { Fetch } from './transport/http.ts'
import type { Wake } from './transport/wake.ts'

interface SocketTask {
  send(message: { data: string }): void
  close(reason: { code?: number; reason?: string }): void
  onOpen(listener: () => void): void
  onMessage(listener: (event: { data: unknown }) => void): void
  onClose(listener: (event: { code?: number }) => void): void
  onError(listener: (event: unknown) => void): void
}

/** The part of a mini-program's `wx` that the client uses. */
export interface MiniProgram {
  request(options: {
    url: string
    method: string
    header: Record<string, string>
    data: unknown
    dataType: string
    timeout: number
    success(answer: { statusCode: number; data: unknown }): void
    fail(reason: { errMsg: string }): void
  }): unknown
  connectSocket(options: { url: string; protocols: string[]; perMessageDeflate: boolean }): SocketTask
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: string): void
  removeStorageSync(key: string): void
  onAppShow(listener: () => void): void
  offAppShow(listener: () => void): void
  onNetworkStatusChange(listener: (status: { isConnected: boolean }) => void): void
  offNetworkStatusChange(listener: (status: { isConnected: boolean }) => void): void
}

/** As the client itself waits on other platforms. */
const timeout = 20_000

/** Options of createParlance for a mini-program: `createParlance({ url, ...miniProgram(wx) })`. */
export function miniProgram(wx: MiniProgram) {
  const request = (url: string, method: string, header: Record<string, string>, data: unknown) =>
    new Promise<{ statusCode: number; data: unknown }>((success, reject) => {
      const fail = ({ errMsg }: { errMsg: string }) => reject(new Error(errMsg))
      // With the type json the platform would parse the answer.
      wx.request({ url, method, header, data, dataType: 'text', timeout, success, fail })
    })

  const fetch: Fetch = async (url, { method, headers, body }) => {
    const { statusCode, data } = await request(url, method, headers, body)
    return { status: statusCode, text: async () => String(data) }
  }

  /** The file of a message has `size`, `type` and `arrayBuffer()`, as a Blob has. */
  const sendBytes = async ({ url, method, headers, body, onProgress }: UploadRequest): Promise<number> => {
    const { statusCode } = await request(url, method, headers, await body.arrayBuffer())
    onProgress(1)
    return statusCode
  }

  const webSocket: OpenWebSocket = (url, protocol) => {
    const task = wx.connectSocket({ url, protocols: [protocol], perMessageDeflate: true })
    const socket: WebSocketLike = {
      ...{ onopen: null, onmessage: null, onclose: null, onerror: null },
      send: (data) => task.send({ data }),
      close: (code, reason) => task.close({ code, reason }),
    }
    task.onOpen(() => socket.onopen?.({} as never))
    task.onMessage((event) => socket.onmessage?.(event as never))
    task.onClose((event) => socket.onclose?.(event as never))
    // A socket that was refused has no event of closing.
    task.onError(() => socket.onclose?.({ code: 1006 } as never))
    return socket
  }

  const storage: KeyValueStorage = {
    getItem: (key) => String(wx.getStorageSync(key) ?? '') || null,
    setItem: (key, value) => wx.setStorageSync(key, value),
    removeItem: (key) => wx.removeStorageSync(key),
  }

  const wake: Wake = (listener) => {
    const onNetwork = ({ isConnected }: { isConnected: boolean }) => {
      if (isConnected) listener()
    }
    wx.onAppShow(listener)
    wx.onNetworkStatusChange(onNetwork)
    return () => {
      wx.offAppShow(listener)
      wx.offNetworkStatusChange(onNetwork)
    }
  }

  return { fetch, sendBytes, webSocket, storage, wake, saveData: true }
}
