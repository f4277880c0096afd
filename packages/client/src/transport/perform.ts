import type { Document } from '../generated/documents.ts'

/** Performs an operation of the signed-in user. */
export type Perform = <Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
) => Promise<Data>
