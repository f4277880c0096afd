import { z } from 'zod'
import { OperatorError } from '../../platform/operator-error.ts'

/** A custom message type of the application. */
export interface MessageKind<Data extends object = never> {
  type: string
  schema: z.ZodType<Data>
  plainText(data: Data): string
  searchText(data: Data): string
}

/** The application's definition of a custom message type. */
export interface MessageKindDefinition<Data extends object> {
  /** Schema of `CustomContentInput.data`. The parsed output is stored. */
  schema: z.ZodType<Data>
  /** The message as one line, for lists, notifications and clients that do not know the type. */
  plainText(data: Data): string
  /** Text for search; default: the plain text. */
  searchText?(data: Data): string
}

export type AnyMessageKind = MessageKind<Record<string, unknown>>

/** Defines a custom message type; list it in src/message-kinds.ts. */
export function defineMessageKind<Data extends Record<string, unknown>>(
  type: string,
  { schema, plainText, searchText = plainText }: MessageKindDefinition<Data>,
): AnyMessageKind {
  return { type, schema, plainText, searchText }
}

/** The custom message types that the server validates. */
export interface MessageKinds {
  find(type: string): AnyMessageKind | undefined
  /** The types with their JSON schemas, for clients. */
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
      `The schema of the message kind ${type} has no JSON schema: ${error instanceof Error ? error.message : error}`,
    )
  }
}
