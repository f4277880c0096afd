/** The version of the schema that a client says it was made for; null when it says none, undefined when that is none. */
export function readSchemaVersion(given: unknown): number | null | undefined {
  if (given === undefined || given === null || given === '') return null
  const version = Number(given)
  return typeof given !== 'object' && Number.isInteger(version) && version > 0 ? version : undefined
}
