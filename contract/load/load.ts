import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../client/client.ts'
import type { Random } from '../random.ts'
import type { Room, Stage } from './stage.ts'

interface Sent {
  room: Room
  sender: Client
  id: string
  seq: number
  text: string
  /** The variables of the send, for a device that repeats it much later. */
  variables: Record<string, unknown>
}

const pauseMs = 25
const recentMessages = 60

/** Users who send, edit, recall, read and search, a few at a time. */
export class Load {
  readonly #stage: Stage
  readonly #random: Random
  readonly #servers: number
  readonly #sent: Sent[] = []
  readonly #recalled: Sent[] = []
  #count = 0
  #stopped = false

  constructor(stage: Stage, random: Random, servers: number) {
    this.#stage = stage
    this.#random = random
    this.#servers = servers
  }

  stop(): void {
    this.#stopped = true
  }

  async run(writers: number): Promise<void> {
    const one = async (random: Random) => {
      while (!this.#stopped) {
        await this.#act(random)
        await pause(pauseMs)
      }
    }
    await Promise.all(Array.from({ length: writers }, () => one(this.#random.fork())))
  }

  async #act(random: Random): Promise<void> {
    const dice = random.below(100)
    const room = random.pick(this.#stage.rooms)
    if (dice < 48 || this.#sent.length === 0) return this.#send(random, room)
    const recent = random.pick(this.#sent.slice(-recentMessages))
    const server = random.below(this.#servers)
    if (dice < 55) await recent.sender.perform('send', server, recent.variables)
    else if (dice < 62) {
      const text = this.#newText()
      await recent.sender.perform('edit', server, { messageId: recent.id, text })
    } else if (dice < 72) await this.#recall(random, recent)
    else if (dice < 81) await this.#read(random, room)
    else if (dice < 86) await random.pick(room.members).perform('list', server, {})
    else if (dice < 95) await random.pick(room.readers).perform('history', server, { id: room.id })
    else await this.#search(random, random.chance(50) ? this.#recalled.at(-1) : recent)
  }

  #newText(): string {
    this.#count += 1
    return `word${this.#count.toString(36).padStart(5, '0')}`
  }

  async #send(random: Random, room: Room): Promise<void> {
    await this.sendAs(random.pick(room.active), room, random)
  }

  /** Retries with the same key until the outcome is known, as docs/protocol.md asks; some keys are used twice at once. */
  async sendAs(sender: Client, room: Room, random: Random): Promise<void> {
    const text = this.#newText()
    const quoted = random.chance(15)
      ? this.#sent.findLast((each) => each.room.id === room.id)?.seq
      : undefined
    const variables = { conversationId: room.id, key: text, text, quoteSeq: quoted ?? null }
    const twice = random.chance(20)
    for (let tries = 0; tries < 8; tries += 1) {
      const server = random.below(this.#servers)
      const answers = await Promise.all([
        sender.perform('send', server, variables),
        ...(twice && tries === 0 ? [sender.perform('send', random.below(this.#servers), variables)] : []),
      ])
      const done = answers.find(({ ph }) => ph === 'ok')
      if (done?.ph === 'ok') {
        const { message } = done.data.sendMessage as { message: { id: string; seq: number } }
        this.#sent.push({ room, sender, text, variables, ...message })
        return
      }
      if (answers.every((answer) => answer.ph === 'fail' && answer.code !== 'UNAVAILABLE')) return
      await pause(100 * 2 ** Math.min(tries, 4))
    }
  }

  async #recall(random: Random, recent: Sent): Promise<void> {
    for (let tries = 0; tries < 5; tries += 1) {
      const server = random.below(this.#servers)
      const answer = await recent.sender.perform('recall', server, { messageId: recent.id })
      if (answer.ph === 'ok') this.#recalled.push(recent)
      if (answer.ph !== 'info') return
      await pause(200)
    }
  }

  async #read(random: Random, room: Room): Promise<void> {
    const reader = random.pick(room.active)
    const last = this.#sent.findLast((each) => each.room.id === room.id)?.seq ?? 1
    // Some positions are old, as from a device that was away.
    const readSeq = random.chance(30) ? Math.max(1, last - random.below(20)) : last
    await reader.perform('read', random.below(this.#servers), { conversationId: room.id, readSeq })
  }

  async #search(random: Random, target: Sent | undefined): Promise<void> {
    if (!target) return
    const reader = random.pick(target.room.readers)
    await reader.perform('search', random.below(this.#servers), { query: target.text })
  }
}
