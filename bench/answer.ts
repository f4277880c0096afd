import type { Handlers } from './child.ts'

interface Question {
  id: number
  name: string
  input: unknown
}

/** The child's side of `ask`: answers its parent until the parent ends. */
export function answer(handlers: Handlers, orphaned: () => void = () => process.exit()): void {
  const reply = async ({ id, name, input }: Question) => {
    try {
      process.send?.({ id, value: await handlers[name]?.(input) })
    } catch (error) {
      process.send?.({ id, error: error instanceof Error ? error.stack : String(error) })
    }
  }
  process.on('message', (question: Question) => void reply(question))
  process.on('disconnect', orphaned)
}
