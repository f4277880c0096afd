import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { type ErrorCode, Refusal } from '../../../errors.ts'
import { PullStream } from '../../pull-stream.ts'

/** A refusal by a field. */
export interface FieldRefusal {
  /** Such as `Mutation.sendMessage`. */
  field: string
  refusal: Refusal
  declared: boolean
}

// Fields declare the codes of their refusals, which the published schema shows as `@errors`.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      declaredErrors: DeclaredErrorsPlugin<Types>
    }
    export interface FieldOptions {
      /** Codes of the refusals of this field, besides those of every request. */
      errors?: readonly ErrorCode[]
    }
    // The parameter must repeat that of the library's own interface.
    export interface BuildSchemaOptions<Types extends SchemaTypes> {
      /** Called with every refusal by a field, so that tests find those that are not declared. */
      onRefusal?: ((refusal: FieldRefusal) => void) | undefined
    }
  }
}

/** Codes about the request instead of the field. */
export const requestCodes: ReadonlySet<ErrorCode> = new Set([
  'UNAUTHENTICATED',
  'SUSPENDED',
  'UNAVAILABLE',
  'OUTCOME_UNKNOWN',
  'INTERNAL',
])

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>

class DeclaredErrorsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const errors = errorsOf(field)
    return errors.length > 0 ? { ...field, extensions: { ...field.extensions, errors } } : field
  }

  override wrapResolve(resolver: Resolver<Types>, field: PothosOutputFieldConfig<Types>): Resolver<Types> {
    const report = this.#reportOf(field)
    return report ? (...call) => observed(() => resolver(...call), report) : resolver
  }

  override wrapSubscribe(
    subscriber: Resolver<Types> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    const report = this.#reportOf(field)
    if (!subscriber || !report) return subscriber
    return (...call) =>
      observed(async () => {
        const stream: unknown = await subscriber(...call)
        if (stream instanceof PullStream) observeStream(stream, report)
        return stream
      }, report)
  }

  /** Reports the refusals of a field; null if they are not wanted. */
  #reportOf(field: PothosOutputFieldConfig<Types>): Report | null {
    const { onRefusal } = this.options
    if (!onRefusal) return null
    const errors = errorsOf(field)
    return (error) => {
      if (!(error instanceof Refusal)) return
      const declared = errors.includes(error.code) || requestCodes.has(error.code)
      onRefusal({ field: `${field.parentType}.${field.name}`, refusal: error, declared })
    }
  }
}

type Report = (error: unknown) => void

/** The result of a call, whose error or rejection is reported. */
function observed<Result>(call: () => Result, report: Report): Result {
  try {
    const result = call()
    // The items of a list fail one by one.
    for (const part of Array.isArray(result) ? result : [result])
      if (part instanceof Promise) part.catch(report)
    return result
  } catch (error) {
    report(error)
    throw error
  }
}

/** Reports what ends a stream that runs. */
function observeStream(stream: PullStream<unknown>, report: Report): void {
  const [take, advance] = [stream.take.bind(stream), stream.advance.bind(stream)]
  stream.take = () => observed(take, report)
  stream.advance = () => observed(advance, report)
}

/** Every list with cursors refuses those of other lists. */
function errorsOf({ pothosOptions, args }: { pothosOptions: object; args: object }): ErrorCode[] {
  const { errors = [] } = pothosOptions as { errors?: readonly ErrorCode[] }
  const ofCursors: readonly ErrorCode[] = 'after' in args ? ['INVALID_INPUT'] : []
  return [...new Set([...errors, ...ofCursors])]
}

SchemaBuilder.registerPlugin('declaredErrors', DeclaredErrorsPlugin)
