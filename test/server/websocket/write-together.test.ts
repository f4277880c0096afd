import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { writeTogether } from '../../../src/server/websocket/write-together.ts'

function recorded() {
  const writes: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(' '))
      done()
    },
  })
  const write = (text: string) => {
    writeTogether(stream)
    stream.write(text)
  }
  return { writes, write }
}

test('what promises write one after the other is one write, and that of the next turn another one', async () => {
  const { writes, write } = recorded()
  write('result')
  await Promise.resolve().then(() => write('complete'))
  await Promise.resolve()
  write('another result')
  expect(writes).toEqual([])

  await turn()
  expect(writes).toEqual(['result complete another result'])
  write('later')
  await turn()
  expect(writes).toEqual(['result complete another result', 'later'])
})
