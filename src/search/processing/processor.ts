import { createTaskThread } from '../../platform/thread/thread.ts'
import { type Tasks, tasks } from './tasks.ts'

/** Tokenises, folds and compares texts. Long ones are processed in a thread, so that they do not block the event loop. */
export interface TextProcessor extends Processed {
  close(): Promise<void>
}

type Processed = {
  [Name in keyof Tasks]: (input: Parameters<Tasks[Name]>[0]) => Promise<ReturnType<Tasks[Name]>>
}

// About two milliseconds of work; for less, the thread costs more than it saves.
const inlineMax = 10_000
// Other requests get a turn in the thread after each part.
const partMax = 100_000

export function createTextProcessor(): TextProcessor {
  // `scripts/build.mjs` builds each `thread.ts` and replaces its address.
  const thread = createTaskThread(new URL('thread.ts', import.meta.url))

  /** Runs a task on the texts in parts, sequentially. */
  async function inParts<Input extends { texts: string[] }, Result>(
    name: keyof Tasks,
    input: Input,
    inline: (input: Input) => Result[],
  ): Promise<Result[]> {
    if (sizeOf(input.texts) <= inlineMax) return inline(input)
    const results: Result[] = []
    for (const texts of partsOf(input.texts))
      for (const result of (await thread.run(name, { ...input, texts })) as Result[]) results.push(result)
    return results
  }

  return {
    entries: (input) => inParts('entries', input, tasks.entries),
    matches: (input) => inParts('matches', input, tasks.matches),
    completions: (input) => inParts('completions', input, tasks.completions),
    close: () => thread.close(),
  }
}

const sizeOf = (texts: string[]) => texts.reduce((sum, text) => sum + text.length, 0)

/** Splits the texts, in order, into parts of limited size; a longer text is a part of its own. */
function partsOf(texts: string[]): string[][] {
  const parts: string[][] = []
  let room = 0
  for (const text of texts) {
    if (parts.length === 0 || text.length > room) {
      parts.push([])
      room = partMax
    }
    parts.at(-1)?.push(text)
    room -= text.length
  }
  return parts
}
