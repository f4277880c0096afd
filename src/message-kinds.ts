import type { AnyMessageKind } from './message/content/custom-kinds.ts'

/**
 * The kinds of message of your application, each made with `defineMessageKind`; docs/custom-messages.md has an example.
 * Another server on the same database wants the same list.
 */
export const messageKinds: readonly AnyMessageKind[] = []
