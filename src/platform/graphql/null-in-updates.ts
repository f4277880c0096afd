import SchemaBuilder, { BasePlugin, type PothosInputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLArgument, GraphQLInputField } from 'graphql'

// In the input of an update, a field that is left out keeps its value. Every optional field must say what null means.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      nullInUpdates: NullInUpdatesPlugin<Types>
    }
    export interface InputFieldOptions {
      /** null clears the field, or is INVALID_INPUT because the field always has a value. */
      onNull?: 'CLEAR' | 'REFUSE'
    }
  }
}

const meaning = { CLEAR: 'null clears it.', REFUSE: 'Cannot be null; if omitted, the value is unchanged.' }

class NullInUpdatesPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onInputFieldConfig(field: PothosInputFieldConfig<Types>): PothosInputFieldConfig<Types> {
    const { onNull } = field.pothosOptions as { onNull?: keyof typeof meaning }
    if (onNull)
      return {
        ...field,
        description: `${field.description} ${meaning[onNull]}`,
        extensions: { ...field.extensions, onNull },
      }
    if (field.kind === 'InputObject' && /^Update/.test(field.parentType) && !field.type.required)
      throw new Error(`${field.parentType}.${field.name} does not say what null means.`)
    return field
  }
}

export const nullMessage = 'must not be null; leave it out to keep the value'

/** Whether null is not allowed for an optional input. */
export const refusesNull = ({ extensions }: GraphQLArgument | GraphQLInputField): boolean =>
  extensions.onNull === 'REFUSE'

SchemaBuilder.registerPlugin('nullInUpdates', NullInUpdatesPlugin)
