import { setTimeout as pause } from 'node:timers/promises'
import type { Client, Credentials } from '../client/client.ts'
import type { Random } from '../random.ts'
import { credentialsOf, passwordOf, type Stage } from './stage.ts'

const staleAfterMs = 1_200

/** Users who sign in on a spare device, refresh its tokens, end the session, and try its tokens once more. */
export async function signInAndOut(stage: Stage, random: Random, servers: number, isOver: () => boolean) {
  for (let round = 0; !isOver(); round += 1) {
    const owner = random.pick(stage.clients)
    const spare = await signIn(owner, `spare${round}`, random.below(servers))
    if (spare) {
      await spare.perform('me', random.below(servers), {})
      await refreshTwice(spare, random, servers, round % 2 === 0)
      const { sessionId } = spare.credentials
      await owner.perform('revoke', random.below(servers), { sessionId })
      await pause(staleAfterMs)
      await spare.perform('me', random.below(servers), { sessionId })
    }
    await pause(random.between(100, 400))
  }
}

async function signIn(owner: Client, device: string, server: number): Promise<Client | null> {
  const answer = await owner.perform('login', server, {
    handle: owner.user,
    password: passwordOf(owner.user),
  })
  return answer.ph === 'ok' ? owner.on(device, credentialsOf(answer.data.login as never)) : null
}

/** Refreshes, repeats the lost answer, and uses the first token again after its successor was used. */
async function refreshTwice(spare: Client, random: Random, servers: number, reuses: boolean): Promise<void> {
  const first = spare.credentials.refreshToken
  const refresh = async (refreshToken: string) => {
    for (let tries = 0; tries < 5; tries += 1) {
      const answer = await spare.perform('refresh', random.below(servers), { refreshToken })
      if (answer.ph === 'ok') return answer.data.refreshSession as Omit<Credentials, 'sessionId'>
      if (answer.ph === 'fail' && answer.code !== 'UNAVAILABLE') return null
      await pause(200)
    }
    return null
  }
  const second = await refresh(first)
  await refresh(first)
  const third = second && (await refresh(second.refreshToken))
  if (!third) return
  spare.credentials = { ...spare.credentials, ...third }
  // The server must take this for a stolen token, and end the session.
  if (reuses) await refresh(first)
}
