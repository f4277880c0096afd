import { expect, onTestFinished, test, vi } from 'vitest'
import { createProgress } from '../../../packages/client/src/adapter/progress.ts'

const wake = () => () => {}
const signal = (version: number) => ({ __typename: 'ConversationSignal', conversationId: 'c', version })
const page = (version: number) => ({
  __typename: 'GroupConversation',
  id: 'c',
  version,
  messages: { __typename: 'MessageConnection' },
})

/** Pulls that the test answers one after the other. */
function pulls() {
  const asked: number[] = []
  const answers: ((changes: { version: number; hasMore: boolean }) => void)[] = []
  const progress = createProgress((_, afterVersion) => {
    asked.push(afterVersion)
    return new Promise((resolve) => answers.push(resolve))
  }, wake)
  onTestFinished(progress.stop)
  const answer = (version: number, hasMore = false) => answers.shift()?.({ version, hasMore })
  return { progress, asked, answer }
}

test('a page that arrives during a pull from its version is pulled once more', async () => {
  const { progress, asked, answer } = pulls()
  progress.read(page(3))
  progress.receive(signal(5))
  expect(asked).toEqual([3])
  progress.read(page(3))
  answer(5)
  await vi.waitFor(() => expect(asked).toEqual([3, 3]))
})

test('signals during a pull do not start it from the beginning', async () => {
  const { progress, asked, answer } = pulls()
  progress.read(page(3))
  progress.receive(signal(50))
  progress.receive(signal(51))
  answer(23, true)
  await vi.waitFor(() => expect(asked).toEqual([3, 23]))
  progress.receive(signal(52))
  answer(51)
  await vi.waitFor(() => expect(asked).toEqual([3, 23, 51]))
})
