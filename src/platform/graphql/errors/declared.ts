import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { type ErrorCode, Refusal } from '../../../errors.ts'

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
    return this.#observed(resolver, field)
  }

  override wrapSubscribe(
    subscriber: Resolver<Types> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    return subscriber && this.#observed(subscriber, field)
  }

  #observed(resolver: Resolver<Types>, field: PothosOutputFieldConfig<Types>): Resolver<Types> {
    const { onRefusal } = this.options
    if (!onRefusal) return resolver
    const errors = errorsOf(field)
    const report = (error: unknown) => {
      if (!(error instanceof Refusal)) return
      const declared = errors.includes(error.code) || requestCodes.has(error.code)
      onRefusal({ field: `${field.parentType}.${field.name}`, refusal: error, declared })
    }
    return (...call) => {
      try {
        const result = resolver(...call)
        // The items of a list fail one by one.
        for (const part of Array.isArray(result) ? result : [result])
          if (part instanceof Promise) part.catch(report)
        return result
      } catch (error) {
        report(error)
        throw error
      }
    }
  }
}

/** Every list with cursors refuses those of other lists. */
function errorsOf({ pothosOptions, args }: { pothosOptions: object; args: object }): ErrorCode[] {
  const { errors = [] } = pothosOptions as { errors?: readonly ErrorCode[] }
  const ofCursors: readonly ErrorCode[] = 'after' in args ? ['INVALID_INPUT'] : []
  return [...new Set([...errors, ...ofCursors])]
}

SchemaBuilder.registerPlugin('declaredErrors', DeclaredErrorsPlugin)
