import { expect, test } from 'vitest'
import { refusalOf } from '../../world/client.ts'
import { useWorld } from '../../world/world.ts'
import { forwards } from '../content/verbs.ts'

const world = useWorld()

const pathsOf = (refused: { extensions: Record<string, unknown> }) =>
  (refused.extensions.issues as { path: string }[]).map(({ path }) => path)

test('all faults of a message are reported at once', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const bad = { clientMessageId: '', quoteSeq: 0 }
  const text = await refusalOf(alice.sendsContent(id, { text: ' ' }, bad))
  expect(text.code).toBe('INVALID_INPUT')
  expect(pathsOf(text)).toEqual(['input.clientMessageId', 'input.quoteSeq', 'input.content.text'])

  const parts = [
    { text: '' },
    { text: 'fine' },
    { mention: { userId: '', displayText: '' } },
    { mentionAll: { displayText: 'x'.repeat(129) } },
  ]
  expect(pathsOf(await refusalOf(alice.sendsContent(id, { richText: { parts } })))).toEqual([
    'input.content.richText.parts.0.text',
    'input.content.richText.parts.2.mention.userId',
    'input.content.richText.parts.2.mention.displayText',
    'input.content.richText.parts.3.mentionAll.displayText',
  ])
  const image = { mediaId: '', caption: 'x'.repeat(4_001) }
  expect(pathsOf(await refusalOf(alice.sendsContent(id, { image }, { clientMessageId: '' })))).toEqual([
    'input.clientMessageId',
    'input.content.image.caption',
    'input.content.image.mediaId',
  ])
  const custom = { type: '', data: {}, fallbackText: ' ' }
  expect(pathsOf(await refusalOf(alice.sendsContent(id, { custom })))).toEqual([
    'input.content.custom.type',
    'input.content.custom.fallbackText',
  ])
})

test('all faults of a forward are reported at once', async () => {
  const [alice, bob] = await world.friends('alice', 'bob')
  const { id } = await alice.opens(bob)
  const messages = [0, 1, -1].map((seq) => ({ conversationId: id, seq }))
  const targets = ['', 'key', 'key'].map((clientMessageId) => ({ id, clientMessageId }))
  expect(pathsOf(await refusalOf(forwards(alice, messages, targets)))).toEqual([
    'input.seqs.0',
    'input.seqs.2',
    'input.targets.0.clientMessageId',
    'input.targets.2.clientMessageId',
  ])
})
