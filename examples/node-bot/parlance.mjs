import { createParlance } from '@parlance/client'
import { WebSocket } from 'ws'

const { PARLANCE_URL = 'http://localhost:4000', BOT_HANDLE = 'echo-bot' } = process.env
const { BOT_PASSWORD = 'correct horse battery' } = process.env

/** Signs the bot in, and registers it the first time. */
export async function startClient(url = PARLANCE_URL, handle = BOT_HANDLE, password = BOT_PASSWORD) {
  const client = createParlance({ url, webSocket: (address, protocol) => new WebSocket(address, protocol) })
  await client
    .login({ handle, password })
    .catch(() => client.register({ handle, password, displayName: 'Echo' }))
  return client
}
