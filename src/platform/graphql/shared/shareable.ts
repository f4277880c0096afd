import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'

// Fields marked `shareable` have the same value for every viewer, so that one execution serves all subscribers. Other
// fields depend on the viewer.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      shareable: ShareablePlugin<Types>
    }
    // The parameters must repeat those of the library's own interface.
    export interface FieldOptions {
      /** Whether the value is the same for every viewer who may see the parent. */
      shareable?: boolean
    }
  }
}

class ShareablePlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const { shareable } = field.pothosOptions as { shareable?: boolean }
    return shareable ? { ...field, extensions: { ...field.extensions, shareable } } : field
  }
}

SchemaBuilder.registerPlugin('shareable', ShareablePlugin)
