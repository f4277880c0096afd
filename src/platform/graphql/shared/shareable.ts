import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'

// A field may be marked `shareable` when its value does not depend on who looks: then one execution serves every
// subscriber. Whatever is not marked belongs to the viewer.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      shareable: ShareablePlugin<Types>
    }
    // The parameters must repeat those of the library's own interface.
    export interface FieldOptions {
      /** The value is the same for everybody who may see the parent. */
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
