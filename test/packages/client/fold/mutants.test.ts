import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { fold } from '../../../../packages/client/src/store/fold.ts'
import type { Fold } from './device.ts'
import { historiesOf, play, type Verb } from './histories.ts'

const folder = join(import.meta.dirname, '../../../../packages/client/src/store')

type Mutant = [rule: string, file: string, from: string, to: string, verbs: readonly Verb[]]

const network: Verb[] = ['flow', 'deliver', 'deliver', 'advance', 'advance']
const writing: Verb[] = [...network, 'send', 'edit', 'recall', 'react', 'message', 'page', 'pull', 'list']
const reading: Verb[] = [...writing, 'read', 'mention', 'peerReads']
const joining: Verb[] = [...network, 'send', 'leave', 'join', 'list', 'pull', 'page', 'reconnect']
const naming: Verb[] = [...network, 'send', 'renamePerson', 'page', 'message', 'list']
const friends: Verb[] = [...network, 'befriend', 'remark', 'request', 'askPeople']
const members: Verb[] = [...network, 'send', 'memberReads', 'positions', 'list']
const quoting: Verb[] = [...network, 'send', 'quote', 'recall', 'edit', 'message', 'message']
const lasting: Verb[] = [...joining, 'takeOver', 'renamePerson', 'remark', 'rename', 'askPeople']

/** Each rule of the reducer, the reducer without it, and verbs that need it. */
const mutants: Mutant[] = [
  [
    'an older copy of a message replaces nothing',
    'messages.ts',
    'present.version > message.version',
    'false',
    writing,
  ],
  [
    'a held message keeps the viewer’s reactions',
    'messages.ts',
    'before.get(reaction.emoji)?.reactedByMe ??',
    '',
    writing,
  ],
  [
    'reactions of an event are fetched',
    'messages.ts',
    'unsure.push(message.id)',
    'sure.push(message.id)',
    writing,
  ],
  [
    'a quote follows the message that it quotes',
    'messages.ts',
    'messages: withQuotes(messages)',
    'messages',
    quoting,
  ],
  [
    'a late copy of a message keeps the newer quote',
    'messages.ts',
    'before.version > quote.version',
    'false',
    ['send', 'quote', 'react', 'list', 'reload', 'advance'],
  ],
  [
    'a signal raises the known version',
    'fold.ts',
    'known: Math.max(entry.known, event.version),',
    '',
    writing,
  ],
  [
    'a pull raises the held version',
    'fold.ts',
    'held: Math.max(entry.held, version),\n    known',
    'known',
    writing,
  ],
  [
    'an event after a gap does not raise the held version',
    'fold.ts',
    'entry.held >= fromVersion ? Math.max(entry.held, version) : entry.held',
    'Math.max(entry.held, version)',
    [...writing, 'cross'],
  ],
  [
    'an answer does not bring a removed conversation back',
    'fold.ts',
    '(state.barred[id] ?? -1) > at',
    'false',
    joining,
  ],
  [
    'an older answer does not begin a conversation behind its events',
    'fold.ts',
    'return bar(lastMessage ? keep(next, row.id, [lastMessage], at) : next, row.id)',
    'return lastMessage ? keep(next, row.id, [lastMessage], at) : next',
    ['send', 'edit', 'edit', 'page', 'list', 'advance', 'advance', 'advance'],
  ],
  [
    'an event that an answer overtook adds no message',
    'fold.ts',
    'version > held.held ||',
    'true ||',
    [...network, 'cross', 'send', 'edit', 'list', 'pull'],
  ],
  ['a removed conversation is dropped', 'fold.ts', 'entries: without(entries, [id])', 'entries', joining],
  ['older fields do not replace newer ones', 'fold.ts', 'if (!newer) return', 'if (false) return', reading],
  [
    'an answer does not replace fields of a later event',
    'fold.ts',
    'at >= entry.rowAt)',
    'true)',
    [...network, 'rename', 'list', 'list'],
  ],
  [
    'the greater read count is kept',
    'row.ts',
    'Math.max(before.readCount, after.readCount)',
    'after.readCount',
    reading,
  ],
  [
    'the later position of the viewer is kept',
    'row.ts',
    'after.readSeq >= before.readSeq ? after : before',
    'before',
    reading,
  ],
  [
    'the positions of the peer only increase',
    'row.ts',
    'Math.max(row.peerReadSeq, readSeq)',
    'readSeq',
    reading,
  ],
  ['sending reads up to the message', 'row.ts', 'readSeq: message.seq, readCount, ...mentions', '', reading],
  ['sending clears mentions', 'row.ts', '...mentions', '', reading],
  [
    'the sender of a direct message has read up to it',
    'row.ts',
    'return withPeer(active, {',
    'return (active) || ({',
    reading,
  ],
  [
    'a message is activity',
    'row.ts',
    'lastActivityAt: later(row.lastActivityAt, message.sentAt)',
    'lastActivityAt: row.lastActivityAt',
    writing,
  ],
  [
    'positions of a list of members are kept',
    'fold.ts',
    'receive(all, action.conversationId, userId, {',
    '(all) ?? ({',
    members,
  ],
  [
    'positions of members only increase',
    'row.ts',
    'Math.max(a?.readSeq ?? 0, b.readSeq)',
    'b.readSeq',
    members,
  ],
  [
    'the sender of a message in a group has read up to it',
    'row.ts',
    '|| present.readSeq >= seq',
    '|| true',
    members,
  ],
  [
    'messages take the new name of their sender',
    'people.ts',
    '? called(message, person) : message',
    '? message : message',
    naming,
  ],
  [
    'a message of an older answer has the current name',
    'people.ts',
    'present && !isLater(present, at) ? called(message, present.value) : message',
    'message',
    naming,
  ],
  [
    'an answer does not undo a later name',
    'people.ts',
    'if (!isLater(present, at)) return state',
    '',
    [...network, 'renamePerson', 'list'],
  ],
  [
    'an answer does not undo a later friendship',
    'people.ts',
    'isLater(present[id], at) ?',
    'true ?',
    friends,
  ],
  [
    'a friend request is kept',
    'fold.ts',
    "withValue(state, 'friendRequests', event.friendRequest.id, event.friendRequest, state.tick)",
    'state',
    friends,
  ],
  [
    'a friendship that ends is dropped',
    'fold.ts',
    'withFriend(state, event.userId, event.friendship, state.tick)',
    'state',
    friends,
  ],
  [
    'requests of the leader before are older than what follows',
    'fold.ts',
    'Math.max(state.tick + leap, action.at)',
    'state.tick + 1',
    lasting,
  ],
]

afterAll(() => void stop())

/** The reducer with one place of its source replaced. */
async function mutantOf(file: string, from: string, to: string): Promise<Fold> {
  let replaced = false
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'fold.ts')],
    ...{ bundle: true, write: false, format: 'esm' },
    plugins: [
      {
        name: 'mutant',
        setup({ onLoad }) {
          onLoad({ filter: /store\/[\w-]+\.ts$/ }, async ({ path }) => {
            const source = await readFile(path, 'utf8')
            if (!path.endsWith(`/${file}`)) return { contents: source, loader: 'ts' }
            replaced = source.includes(from)
            return { contents: source.replace(from, to), loader: 'ts' }
          })
        },
      },
    ],
  })
  expect(replaced, `${file} contains ${from}`).toBe(true)
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
  return ((await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as { fold: Fold }).fold
}

test.each(mutants)(
  'without the rule “%s” the state differs from a refetch',
  async (_, file, from, to, verbs) => {
    const mutant = await mutantOf(file, from, to)
    const outcome = fc.check(
      fc.property(historiesOf(verbs), (steps) => {
        const { state, refetch } = play(steps, mutant, fold)
        expect(state).toEqual(refetch)
      }),
      // A fixed seed, so that chance decides nothing.
      { numRuns: 1_500, endOnFailure: true, seed: 4 },
    )
    expect(outcome.failed).toBe(true)
  },
)
