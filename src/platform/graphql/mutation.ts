import type { InputFieldMap, InputRef, InterfaceRef, ObjectFieldsShape } from '@pothos/core'
import type { ErrorCode } from '../../errors.ts'
import { afterCommit } from '../db/outage.ts'
import { inSpan } from '../tracing/tracing.ts'
import { builder, type OperationContext } from './builder.ts'

type Types = (typeof builder)['$inferSchemaTypes']

/** Builds the fields of a payload, whose parent is the result of the mutation. */
export type PayloadFields<Result> = Parameters<ObjectFieldsShape<Types, Result>>[0]

type InputFields = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>

/** The input type of a mutation: `sendMessage` takes `SendMessageInput`. */
export const inputOf = <Fields extends InputFieldMap>(mutation: string, fields: (t: InputFields) => Fields) =>
  builder.inputType(`${capitalized(mutation)}Input`, { description: `Input of \`${mutation}\`.`, fields })

interface Mutation<Input, Result> {
  description: string
  /** Codes of its refusals, besides those of every operation. */
  errors: readonly ErrorCode[]
  /** Omitted if there is nothing to say: then the mutation has no argument. */
  input?: InputRef<Input>
  resolve: (input: Input, ctx: OperationContext) => Promise<Result>
  interfaces?: InterfaceRef<Types, Result>[]
  /** Every object whose cached state changes. */
  payload: (t: PayloadFields<Result>) => ReturnType<ObjectFieldsShape<Types, Result>>
}

/**
 * Declares a mutation with one argument, `input`, and a payload: `sendMessage(input: SendMessageInput!):
 * SendMessagePayload`. It is null if it is refused, so that the results of other mutations of the operation remain.
 */
export function defineMutation<Input, Result extends object>(
  name: string,
  { description, errors, input, resolve, interfaces = [], payload }: Mutation<Input, Result>,
): void {
  const result = builder.objectRef<Result>(`${capitalized(name)}Payload`)
  result.implement({ description: `Payload of \`${name}\`.`, interfaces, fields: payload })
  builder.mutationField(name, (t) => {
    const args = input && {
      input: t.arg({ type: input, required: true, description: `Input of \`${name}\`.` }),
    }
    return t.field({
      type: result,
      nullable: true,
      description,
      errors,
      ...(args && { args }),
      resolve: (_root, given, ctx) =>
        traced(name, ctx, () => resolve((given as { input: Input }).input, ctx)) as never,
    })
  })
}

/** In a span of its own: an operation may have several. */
function traced<Result>(name: string, ctx: OperationContext, run: () => Promise<Result>): Promise<Result> {
  const span = ctx.tracing?.child('INTERNAL', name, { 'graphql.field.name': name })
  const written = () => sayingWhatIsWritten(ctx, run)
  return span ? inSpan(span, written) : written()
}

/** Mutations of an operation run one after the other, so the context notes the commits of one at a time. */
async function sayingWhatIsWritten<Result>(
  ctx: OperationContext,
  run: () => Promise<Result>,
): Promise<Result> {
  ctx.committed = false
  try {
    return await run()
  } catch (error) {
    throw ctx.committed ? afterCommit(error) : error
  }
}

const capitalized = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`
