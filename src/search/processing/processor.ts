import { createTaskThread } from '../../platform/thread/thread.ts'
import { type Tasks, tasks } from './tasks.ts'

/** Cuts, folds and compares texts: long ones in a thread, so that nothing else waits for them. */
export interface TextProcessor extends Processed {
  close(): Promise<void>
}

type Processed = {
  [Name in keyof Tasks]: (input: Parameters<Tasks[Name]>[0]) => Promise<ReturnType<Tasks[Name]>>
}

// Some two milliseconds of work; less costs more to hand over than to do.
const hereMax = 10_000
// Others take turns in the thread after as much.
const partMax = 100_000

export function createTextProcessor(): TextProcessor {
  const thread = createTaskThread(
    new URL(import.meta.url.endsWith('.ts') ? 'thread.ts' : 'thread.js', import.meta.url),
  )

  /** Runs a task on parts of the texts, one after the other. */
  async function inParts<Input extends { texts: string[] }, Result>(
    name: keyof Tasks,
    input: Input,
    here: (input: Input) => Result[],
  ): Promise<Result[]> {
    if (sizeOf(input.texts) <= hereMax) return here(input)
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

/** The texts in order, as many together as the size of a part allows; a longer one is alone. */
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
