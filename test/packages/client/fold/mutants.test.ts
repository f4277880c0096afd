import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { fold } from '../../../../packages/client/src/store/fold.ts'
import type { Fold } from './device.ts'
import { histories, play } from './histories.ts'

const folder = join(import.meta.dirname, '../../../../packages/client/src/store')

/** Each rule of the reducer, and the reducer without it. */
const mutants: [rule: string, file: string, from: string, to: string][] = [
  [
    'an older copy of a message replaces nothing',
    'messages.ts',
    'present.version > message.version',
    'false',
  ],
  [
    'a held message keeps the viewer’s reactions',
    'messages.ts',
    'before.get(reaction.emoji)?.reactedByMe ??',
    '',
  ],
  ['reactions of an event are fetched', 'messages.ts', 'unsure.push(message.id)', 'sure.push(message.id)'],
  ['a signal raises the known version', 'fold.ts', 'known: Math.max(entry.known, event.version),', ''],
  ['a pull raises the held version', 'fold.ts', 'held: Math.max(entry.held, version),\n    known', 'known'],
  [
    'an answer does not bring a removed conversation back',
    'fold.ts',
    '(state.barred[id] ?? -1) > at',
    'false',
  ],
  ['a removed conversation is dropped', 'fold.ts', 'entries: without(entries, [id])', 'entries'],
  ['older fields do not replace newer ones', 'fold.ts', 'if (!newer) return', 'if (false) return'],
  ['an answer does not replace fields of a later event', 'fold.ts', 'at >= entry.rowAt)', 'true)'],
  [
    'the greater read count is kept',
    'row.ts',
    'Math.max(before.readCount, after.readCount)',
    'after.readCount',
  ],
  ['the positions of the peer only increase', 'row.ts', 'Math.max(row.peerReadSeq, readSeq)', 'readSeq'],
  ['sending reads up to the message', 'row.ts', 'readSeq: message.seq, readCount, ...mentions', ''],
  ['sending clears mentions', 'row.ts', '...mentions', ''],
  [
    'the sender of a direct message has read up to it',
    'row.ts',
    'return withPeer(active, {',
    'return (active) || ({',
  ],
  [
    'messages take the new name of their sender',
    'people.ts',
    '? called(message, person) : message',
    '? message : message',
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

test.each(mutants)('without the rule “%s” the state differs from a refetch', async (_, file, from, to) => {
  const mutant = await mutantOf(file, from, to)
  const outcome = fc.check(
    fc.property(histories, (steps) => {
      const { state, refetch } = play(steps, mutant, fold)
      expect(state).toEqual(refetch)
    }),
    // A fixed seed, so that chance decides nothing.
    { numRuns: 1_500, endOnFailure: true, seed: 4 },
  )
  expect(outcome.failed).toBe(true)
})
