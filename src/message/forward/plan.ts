import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Config } from '../../config.ts'
import { invalidInput, refuse } from '../../errors.ts'
import { newId } from '../../platform/ids.ts'
import { check, checkAll } from '../../platform/validation.ts'
import { keySchema } from '../send/send.ts'

export interface ForwardMessagesInput {
  sourceConversationId: string
  seqs: number[]
  mode: 'MERGED' | 'SEPARATE'
  targets: { conversationId: string; clientMessageId: string }[]
}

/** A message that a forward will store, without its content. */
export interface PlannedMessage {
  id: string
  conversationId: string
  clientMessageId: string
  requestHash: string
  /** The source messages that it contains. */
  seqs: number[]
}

export interface PlannedTarget {
  conversationId: string
  /** Path of the target in the input. */
  path: string
  /** In sending order. */
  messages: PlannedMessage[]
}

const seqSchema = z.number().int().min(1, 'must be the number of a message')

// Keys of clients are printable ASCII, so these never collide with them.
const keyOfPart = (clientMessageId: string, place: number) => `${clientMessageId}→${place}`

/** The messages that a forward will store, in the order of the targets and then of the source messages. */
export function planForward(input: ForwardMessagesInput, config: Config): PlannedTarget[] {
  const [seqs, targets] = checkAll(
    () => readSeqs(input.seqs, config),
    () => readTargets(input.targets, config),
  )
  return targets.map(({ conversationId, clientMessageId }, index) => {
    const requestHash = hashOf([conversationId, 'FORWARD', input.mode, input.sourceConversationId, ...seqs])
    const planned = (key: string, held: number[]) => ({
      id: newId(),
      conversationId,
      clientMessageId: key,
      requestHash,
      seqs: held,
    })
    return {
      conversationId,
      path: `input.targets.${index}`,
      messages:
        input.mode === 'MERGED'
          ? [planned(clientMessageId, seqs)]
          : seqs.map((seq, place) => planned(keyOfPart(clientMessageId, place + 1), [seq])),
    }
  })
}

/** In ascending order, whatever the order of the input. */
function readSeqs(given: number[], { limits }: Config): number[] {
  if (given.length === 0) throw invalidInput({ path: 'input.seqs', message: 'must name a message' })
  const seqs = [
    ...new Set(checkAll(...given.map((seq, index) => () => check(seqSchema, seq, `input.seqs.${index}`)))),
  ]
  if (seqs.length < given.length)
    throw invalidInput({ path: 'input.seqs', message: 'must not name a message twice' })
  if (seqs.length > limits.forwardCount)
    throw refuse('LIMIT_EXCEEDED', `At most ${limits.forwardCount} messages can be forwarded together.`, {
      limit: limits.forwardCount,
    })
  return seqs.sort((a, b) => a - b)
}

function readTargets(given: ForwardMessagesInput['targets'], { limits }: Config) {
  if (given.length === 0) throw invalidInput({ path: 'input.targets', message: 'must name a conversation' })
  if (given.length > limits.forwardTargets)
    throw refuse('LIMIT_EXCEEDED', `A forward can have at most ${limits.forwardTargets} targets.`, {
      limit: limits.forwardTargets,
    })
  checkAll(
    ...given.map(({ clientMessageId }, index) => () => {
      const path = `input.targets.${index}.clientMessageId`
      check(keySchema, clientMessageId, path)
      if (given.slice(0, index).some((earlier) => earlier.clientMessageId === clientMessageId))
        throw invalidInput({ path, message: 'must not be that of another target' })
    }),
  )
  return given
}

const hashOf = (asked: unknown[]) => createHash('sha256').update(JSON.stringify(asked)).digest('base64url')
