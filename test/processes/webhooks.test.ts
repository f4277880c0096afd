import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { Receiver, webhookSecret } from '../webhook/receiver.ts'
import { hasRedis, useFleet } from './fleet.ts'

describe.skipIf(!hasRedis)('webhook workers of two servers', () => {
  const receiver = new Receiver()
  beforeAll(() => receiver.start())
  afterAll(() => receiver.stop())
  const fleet = useFleet(2, {
    get WEBHOOK_URL() {
      return receiver.url
    },
    WEBHOOK_SECRET: webhookSecret,
    WEBHOOK_ALLOW_PRIVATE: 'true',
  })

  test('deliver each event in order, once while both run and at least once after one is killed', async () => {
    const alice = await fleet.person('alice', 0)
    const groups = await Promise.all(['one', 'two', 'three'].map((name) => alice.creates(name, [])))
    const rounds = 20
    for (let round = 1; round <= rounds; round += 1) {
      await Promise.all(groups.map(({ id }) => alice.sends(id, `message ${round}`)))
      if (round === rounds / 2) fleet.servers[1]?.child.kill('SIGKILL')
    }

    const sent = (id: string) =>
      receiver.received.filter(({ body }) => body.type === 'message.sent' && body.data.conversationId === id)
    // The events that the killed server held are free when its lease expires.
    await vi.waitFor(
      () => {
        for (const { id } of groups)
          expect(new Set(sent(id).map(({ headers }) => headers['webhook-id'])).size).toBe(rounds)
      },
      { timeout: 110_000, interval: 200 },
    )
    for (const { id } of groups) {
      const seqs = sent(id).map(({ body }) => Number(body.data.seq))
      const firsts = [...new Set(seqs)]
      expect(firsts).toEqual([...firsts].sort((a, b) => a - b))
      expect(seqs.length).toBeLessThanOrEqual(rounds + 1)
    }
  }, 150_000)
})
