import { expect, onTestFinished, test, vi } from 'vitest'
import { startEngine } from '../../../packages/client/src/engine/engine.ts'
import { errorWith } from '../../../packages/client/src/errors.ts'
import { Inbox } from '../../../packages/client/src/generated/documents.ts'
import { localLock } from '../../../packages/client/src/session/lock.ts'
import type { SessionState } from '../../../packages/client/src/session/session.ts'
import { memoryStorage } from '../../../packages/client/src/session/storage.ts'
import { signal } from '../../../packages/client/src/signal.ts'
import { createStore } from '../../../packages/client/src/store/store.ts'
import { onFakeSockets } from './fake-socket.ts'

test('the first screen and a message, which wait after a failure, are tried again when the socket opens', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const page = onFakeSockets()
  const asked: string[] = []
  const engine = startEngine({
    session: {
      state: signal<SessionState>({ status: 'signedIn', userId: 'alice' }),
      accessToken: async () => 'token',
      refused() {},
      async ended() {},
    },
    async perform(document) {
      asked.push(String(document.match(/^\w+ (\w+)/)?.[1]))
      throw errorWith('NETWORK', 'The server was not reached.')
    },
    ...{ name: 'parlance', store: createStore(), storage: memoryStorage(), lock: localLock() },
    ...{ wake: () => () => {}, openSocket: () => page.socket, owner: async () => 'alice', onSettled() {} },
  })
  onTestFinished(engine.stop)
  engine.add({
    ...{ key: '1', conversationId: 'direct', content: { text: 'hello' }, createdAt: Date.now() },
    quoteSeq: undefined,
  })
  page.socket.subscribe(Inbox, () => ({}), { next() {}, end() {} })
  await vi.advanceTimersByTimeAsync(0)
  const once = ['FirstScreen', 'SendMessage']
  expect(asked.toSorted()).toEqual(once)
  page.last().accepts()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.slice(2).toSorted()).toEqual(once)
})
