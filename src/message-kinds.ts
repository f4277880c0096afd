import type { AnyMessageKind } from './message/content/custom-kinds.ts'

/**
 * Custom message types of your application, defined with `defineMessageKind`; docs/custom-messages.md has an example.
 * All servers on one database need the same list.
 */
export const messageKinds: readonly AnyMessageKind[] = []
