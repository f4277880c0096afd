/** The schema version that a client was built for; null if it names none, undefined if it is invalid. */
export function readSchemaVersion(given: unknown): number | null | undefined {
  if (given === undefined || given === null || given === '') return null
  const version = Number(given)
  return typeof given !== 'object' && Number.isInteger(version) && version > 0 ? version : undefined
}
