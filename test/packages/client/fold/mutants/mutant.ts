import type { Verb } from '../play.ts'

/** A rule of the reducer, the place of its source without which it is gone, and how a history shows that. */
export interface Mutant {
  rule: string
  from: string
  to: string
  /** Verbs of random histories. */
  verbs?: readonly Verb[]
  /** A seed with which one of the first histories shows it. */
  seed?: number
  /** A history that shows it, for what chance rarely finds: verb, conversation, person and number of each step. */
  history?: string
}

export const network: Verb[] = ['flow', 'deliver', 'deliver', 'advance', 'advance']
export const writing: Verb[] = [
  ...network,
  ...(['send', 'edit', 'recall', 'react', 'message', 'page', 'pull', 'list'] as const),
]
export const reading: Verb[] = [...writing, 'read', 'mention', 'peerReads']
export const joining: Verb[] = [...network, 'send', 'leave', 'join', 'list', 'pull', 'page', 'reconnect']
