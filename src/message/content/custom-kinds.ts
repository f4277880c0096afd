import { z } from 'zod'
import { OperatorError } from '../../platform/operator-error.ts'

/** A kind of message of the application's own. */
export interface MessageKind<Data extends object = never> {
  type: string
  schema: z.ZodType<Data>
  plainText(data: Data): string
  searchText(data: Data): string
}

/** What an application says of a kind. */
export interface MessageKindDefinition<Data extends object> {
  /** What `CustomContentInput.data` must be. It is stored as the schema understands it. */
  schema: z.ZodType<Data>
  /** One line that stands for it, in lists, in notices and for clients that do not know the kind. */
  plainText(data: Data): string
  /** What it is found by; its plain text unless said otherwise. */
  searchText?(data: Data): string
}

export type AnyMessageKind = MessageKind<Record<string, unknown>>

/** Defines a kind of message; hand it to the server in src/message-kinds.ts. */
export function defineMessageKind<Data extends Record<string, unknown>>(
  type: string,
  { schema, plainText, searchText = plainText }: MessageKindDefinition<Data>,
): AnyMessageKind {
  return { type, schema, plainText, searchText }
}

/** The kinds that this server validates. */
export interface MessageKinds {
  find(type: string): AnyMessageKind | undefined
  /** For clients. */
  described: readonly { type: string; schema: Record<string, unknown> }[]
}

export function createMessageKinds(kinds: readonly AnyMessageKind[]): MessageKinds {
  const byType = new Map(kinds.map((kind) => [kind.type, kind]))
  if (byType.size < kinds.length) throw new OperatorError('src/message-kinds.ts defines a type twice.')
  return {
    find: (type) => byType.get(type),
    described: kinds.map(({ type, schema }) => ({ type, schema: describe(type, schema) })),
  }
}

function describe(type: string, schema: z.ZodType): Record<string, unknown> {
  try {
    return z.toJSONSchema(schema, { io: 'input' })
  } catch (error) {
    throw new OperatorError(
      `The schema of the message kind ${type} cannot be told to clients: ${error instanceof Error ? error.message : error}`,
    )
  }
}
