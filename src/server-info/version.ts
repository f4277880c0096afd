export const version = '0.1.0'

/** Increases with every addition to the schema. */
export const schemaVersion = 3

export const features = [
  'inbox',
  'groups',
  'edits',
  'recalls',
  'forwards',
  'reactions',
  'pins',
  'receipts',
  'presence',
  'typing',
  'search',
  'media',
]
