export const version = '0.1.0'

/** Increases with every addition to the schema. */
export const schemaVersion = 4
