import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { ErrorCode } from '../../../errors.ts'

// Fields declare the codes of their refusals, which the published schema shows as `@errors`.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      declaredErrors: DeclaredErrorsPlugin<Types>
    }
    export interface FieldOptions {
      /** Codes of the refusals of this field, besides those of every operation. */
      errors?: readonly ErrorCode[]
    }
  }
}

class DeclaredErrorsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { errors } = field.pothosOptions as { errors?: readonly ErrorCode[] }
    return errors ? { ...field, extensions: { ...field.extensions, errors } } : field
  }
}

SchemaBuilder.registerPlugin('declaredErrors', DeclaredErrorsPlugin)
