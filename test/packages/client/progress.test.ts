import { setImmediate } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createProgress, type Pull } from '../../../packages/client/src/adapter/progress.ts'
import { eventually } from '../../world/eventually.ts'

const signal = (version: number) => ({ __typename: 'ConversationSignal', conversationId: 'c', version })
const row = (version: number) => ({ __typename: 'GroupConversation', id: 'c', version })
const page = (version: number) => ({ ...row(version), messages: { __typename: 'MessageConnection' } })

/** Pulls that the test answers one after the other. */
function pulls() {
  const asked: number[] = []
  const answers: ((changes: Awaited<ReturnType<Pull>>) => void)[] = []
  const wakes = new Set<() => void>()
  const progress = createProgress((wake) => {
    wakes.add(wake)
    return () => void wakes.delete(wake)
  })
  const pull: Pull = (_, afterVersion) => {
    asked.push(afterVersion)
    return new Promise((resolve) => answers.push(resolve))
  }
  const start = () => progress.start(pull)
  const stop = start()
  onTestFinished(stop)
  const answersWith = async (changes: Awaited<ReturnType<Pull>>) => {
    await eventually(() => expect(answers).not.toEqual([]))
    answers.shift()?.(changes)
    await setImmediate()
  }
  const answer = (version: number, hasMore = false) => answersWith({ version, hasMore })
  const answersNull = () => answersWith(null)
  const asks = (expected: number[]) => eventually(() => expect(asked).toEqual(expected))
  return { progress, asks, answer, answersNull, wakes, start, stop }
}

test('a page that arrives during a pull from its version is pulled once more', async () => {
  const { progress, answer, asks } = pulls()
  progress.read(page(3))
  progress.receive(signal(5))
  await asks([3])
  progress.read(page(3))
  await answer(5)
  await asks([3, 3])
})

test('signals during a pull do not start it from the beginning', async () => {
  const { progress, answer, asks } = pulls()
  progress.read(page(3))
  progress.receive(signal(50))
  progress.receive(signal(51))
  await answer(23, true)
  await asks([3, 23])
  progress.receive(signal(52))
  await answer(51)
  await asks([3, 23, 51])
})

test('a page that arrives between the pages of a pull skips none of them', async () => {
  const { progress, answer, asks } = pulls()
  progress.read(page(3))
  progress.receive(signal(60))
  await asks([3])
  progress.read(page(50))
  await answer(23, true)
  await asks([3, 23])
})

test('an older page that arrives between the pages of a pull is pulled from its own version', async () => {
  const { progress, answer, asks } = pulls()
  progress.read(page(3))
  progress.receive(signal(60))
  await asks([3])
  progress.read(page(2))
  await answer(23, true)
  await asks([3, 2])
})

test('a page of a newer version does not stand for changes of earlier pages', async () => {
  const { progress, asks } = pulls()
  progress.read(page(3))
  progress.read(page(9))
  progress.receive(signal(9))
  await asks([3])
})

test('what changed before the first screen and after a page is pulled, also after an interruption', async () => {
  const { progress, answer, asks, start, stop } = pulls()
  progress.read(page(3))
  stop()
  const stopAgain = start()
  onTestFinished(stopAgain)
  progress.read({ conversations: [row(7)] })
  progress.begin({ conversations: [row(7)] })
  await asks([3])
  await answer(7)
  progress.begin({ conversations: [] })
  await asks([3, 7])
})

test('of a conversation that was never loaded, a signal pulls the current state alone', async () => {
  const { progress, answer, asks } = pulls()
  progress.receive(signal(900))
  await asks([900])
  await answer(900)
  progress.receive(signal(901))
  await asks([900, 900])
})

test('a server that is behind its own signal is asked again after a pause', async () => {
  const { progress, answer, asks, wakes } = pulls()
  progress.read(page(3))
  progress.receive(signal(5))
  await answer(3)
  await eventually(() => expect(wakes.size, 'the client pauses').toBe(1))
  for (const wake of wakes) wake()
  await asks([3, 3])
})

test('a member who returned during a pull gets what was signalled meanwhile', async () => {
  const { progress, answersNull, asks } = pulls()
  progress.read(page(3))
  progress.receive(signal(5))
  await asks([3])
  progress.receive({ __typename: 'ConversationRemoved', conversationId: 'c' })
  progress.receive({ __typename: 'ConversationChanged', conversation: row(8) })
  progress.receive(signal(9))
  await answersNull()
  await asks([3, 8])
})
