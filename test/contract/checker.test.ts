import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { check } from '../../contract/check/check.ts'
import type { Line } from '../../contract/history.ts'
import { mutants } from '../../contract/mutants/mutants.ts'

const users = { id1: 'anna', id2: 'bena' }

/** A history written by hand: each call is one operation or event, a millisecond after the one before. */
class Story {
  readonly lines: Line[] = [{ ph: 'phase', t: 0, name: 'work', users }]
  #t = 0
  #op = 0

  #next(): number {
    this.#t += 1
    return this.#t
  }

  later(ms: number): this {
    this.#t += ms
    return this
  }

  does(user: string, f: string, given: object, answer: object | string): this {
    this.#op += 1
    const actor = { user, device: 'phone', server: 0 }
    this.lines.push({ ph: 'invoke', t: this.#next(), op: this.#op, f, in: given, ...actor } as Line)
    const ended = typeof answer === 'string' ? { ph: 'fail', code: answer } : { ph: 'ok', out: answer }
    this.lines.push({ t: this.#next(), op: this.#op, ...ended } as Line)
    return this
  }

  sends(user: string, key: string, seq: number, id = `m${key}`): this {
    const message = { id, seq, version: seq, sentAt: timeOf(seq) }
    return this.does(user, 'send', { conversationId: 'c', key, text: key }, { sendMessage: { message } })
  }

  reads(user: string, f: string, messages: object[], numbers: object = {}): this {
    const membership = { readSeq: 0, readCount: 0, unreadCount: messages.length }
    const conversation = {
      id: 'c',
      maxSeq: messages.length,
      messageCount: messages.length,
      version: 1,
      membership,
    }
    return this.does(
      user,
      f,
      { id: 'c' },
      { conversation: { ...conversation, ...numbers, changes: { messages } } },
    )
  }
}

const timeOf = (seq: number) => new Date(1_800_000_000_000 + seq).toISOString()

const message = (key: string, seq: number, more: object = {}) => ({
  id: `m${key}`,
  seq,
  version: seq,
  plainText: key,
  sentAt: timeOf(seq),
  recalledAt: null,
  clientMessageId: key,
  sender: { id: 'id1' },
  quote: null,
  content: { __typename: 'TextContent' },
  ...more,
})

const removal = (seq: number) =>
  message(`system${seq}`, seq, {
    clientMessageId: null,
    content: { __typename: 'SystemContent', event: 'MEMBER_REMOVED', subjects: [{ id: 'id2' }] },
  })

const found = (story: Story) =>
  check(story.lines).flatMap(({ promise, anomalies }) => anomalies.map((each) => `${promise} ${each.check}`))

const a = message('word1', 1)
const b = message('word2', 2)
const unread = { membership: { readSeq: 0, readCount: 0, unreadCount: 1 } }

test('a history in which every promise held has no anomaly', () => {
  const story = new Story()
  story.sends('anna', 'word1', 1).sends('anna', 'word1', 1).sends('anna', 'word2', 2)
  story.reads('bena', 'history', [a, b]).reads('anna', 'final', [a, b])
  expect(found(story)).toEqual([])
})

const stories: Record<string, (story: Story) => Story> = {
  'P1 lost-write': (story) =>
    story.sends('anna', 'word1', 1).sends('anna', 'word2', 2).reads('anna', 'final', [a]),
  'P2 duplicate': (story) => story.reads('anna', 'final', [a, message('word1', 2, { id: 'other' })]),
  'P3 other-answer': (story) =>
    story.sends('anna', 'word1', 1).sends('anna', 'word1', 2).reads('anna', 'final', [a, b]),
  'P3 retry-refused': (story) =>
    story
      .sends('anna', 'word1', 1)
      .does('anna', 'send', { conversationId: 'c', key: 'word1' }, 'NOT_FOUND')
      .reads('anna', 'final', [a]),
  'P4 hole': (story) => story.reads('anna', 'final', [a, message('word3', 3)]),
  'P4 inconsistent-number': (story) =>
    story.reads('bena', 'history', [message('word9', 1)]).reads('anna', 'final', [a]),
  'P5 inversion': (story) =>
    story.sends('anna', 'word2', 2).sends('anna', 'word1', 1).reads('anna', 'final', [a, b]),
  'P6 aborted-read': (story) =>
    story
      .does('anna', 'send', { conversationId: 'c', key: 'word1' }, 'FORBIDDEN')
      .reads('anna', 'final', [a]),
  'P7 time-inversion': (story) =>
    story.reads('anna', 'final', [a, message('word2', 2, { sentAt: timeOf(0) })]),
  'P12 stale-read': (story) =>
    story.sends('anna', 'word1', 1).reads('anna', 'history', []).reads('anna', 'final', [a]),
  'P13 fence': (story) =>
    story
      .reads('bena', 'history', [message('word3', 3)])
      .reads('anna', 'final', [a, removal(2), message('word3', 3)]),
  'P14 sent-after-removal': (story) =>
    story.reads('anna', 'final', [a, removal(2), message('word3', 3, { sender: { id: 'id2' } })]),
  'P16 oracle': (story) =>
    story
      .does('anna', 'remove', { groupId: 'c', userId: 'id2' }, {})
      .does('bena', 'send', { conversationId: 'c', key: 'word7' }, 'FORBIDDEN'),
  'P17 read-regress': (story) =>
    story
      .reads('anna', 'history', [a], { membership: { readSeq: 1, readCount: 1, unreadCount: 0 } })
      .reads('anna', 'history', [a], unread),
  'P17 read-beyond-end': (story) =>
    story.reads('anna', 'history', [a], { membership: { readSeq: 5, readCount: 1, unreadCount: 0 } }),
  'P18 unread-differs': (story) =>
    story.reads('anna', 'history', [a], { membership: { readSeq: 0, readCount: 1, unreadCount: 1 } }),
  'P18 unread-drifted': (story) =>
    story.reads('anna', 'final', [a, message('word2', 2, { recalledAt: timeOf(3), plainText: 'recalled' })]),
  'P20 recall-leak': (story) =>
    story.does('anna', 'recall', { messageId: 'mword1' }, {}).reads('bena', 'history', [a]),
  'P20 recall-found': (story) =>
    story
      .does('anna', 'recall', { messageId: 'mword1' }, {})
      .does(
        'bena',
        'search',
        { query: 'word1' },
        { searchMessages: { nodes: [{ message: { id: 'mword1' } }] } },
      ),
  'P21 quote-leak': (story) =>
    story
      .reads('anna', 'final', [a])
      .does('anna', 'recall', { messageId: 'mword1' }, {})
      .reads('bena', 'history', [message('word2', 2, { quote: { seq: 1, plainText: 'word1' } })]),
  'P22 edit-after-recall': (story) =>
    story.does('anna', 'recall', { messageId: 'mword1' }, {}).reads('anna', 'final', [a]),
  'P22 lost-edit': (story) =>
    story
      .does(
        'anna',
        'edit',
        { messageId: 'mword1', text: 'word8' },
        { editMessage: { message: { version: 5 } } },
      )
      .reads('anna', 'final', [a]),
  'P23 token-reused': (story) => {
    const refresh = (from: string, to: string) =>
      story.does('anna', 'refresh', { refreshToken: from }, { refreshSession: { refreshToken: to } })
    refresh('one', 'two')
    refresh('two', 'three')
    return refresh('one', 'two')
  },
  'P24 revoked-session-works': (story) =>
    story
      .does('anna', 'revoke', { sessionId: 's' }, {})
      .later(1_500)
      .does('anna', 'me', { sessionId: 's' }, { me: { id: 'id1' } }),
}

test.each(Object.entries(stories))('the checker finds %s', (name, tell) => {
  expect(found(tell(new Story()))).toContain(name)
})

test('docs/contract.md lists every mutant with the check that finds it', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/contract.md'), 'utf8')
  const rows = Object.entries(mutants).map(([name, { fault, caughtBy }]) => {
    const [promise, check] = caughtBy.split(' ')
    return `| \`${name}\` | ${fault} | ${promise} \`${check}\` |`
  })
  expect(rows.filter((row) => !page.includes(row))).toEqual([])
})

test('each patch of a mutant applies to the server as it is', () => {
  const stale = Object.entries(mutants).flatMap(([name, { patches }]) =>
    patches
      .filter(
        ({ file, find }) => !readFileSync(join(import.meta.dirname, '../..', file), 'utf8').includes(find),
      )
      .map(({ file }) => `${name}: ${file}`),
  )
  expect(stale).toEqual([])
})
