import { z } from 'zod'

/** A handle as it is stored and compared: compatibility forms folded, lower case. */
export const normaliseHandle = (given: string): string => given.normalize('NFKC').trim().toLowerCase()

/** A handle with look-alike characters folded: two handles with the same skeleton can be mistaken for each other. */
export function skeletonOf(handle: string): string {
  return handle
    .replace(/[.-]/g, '_')
    .replace(/0/g, 'o')
    .replace(/[1i]/g, 'l')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
}

const words = (list: string) => new Set(list.split(/\s+/))

// A user with one of these handles, or a look-alike, would seem to speak for the service.
const official = new Set(
  [
    ...words(`admin administrator helpdesk moderator mod official operator parlance postmaster root security staff
      superuser support sysadmin system team webmaster`),
  ].map(skeletonOf),
)

// Words that already have a meaning, in conversation or in URLs.
const ambiguous =
  words(`about abuse account all api billing bot channel contact everybody everyone everything group guest
  help here info legal login mail me noreply null owner password privacy register self service settings status
  undefined unknown user you`).add('nobody')

const tombstonePrefix = 'deleted_'

export const tombstoneHandle = (userId: string): string =>
  `${tombstonePrefix}${userId.slice(-16).toLowerCase()}`

function isReserved(handle: string): boolean {
  const skeleton = skeletonOf(handle)
  return (
    official.has(skeleton.replaceAll('_', '')) ||
    ambiguous.has(handle) ||
    skeleton.startsWith(tombstonePrefix)
  )
}

/** A valid, normalised handle; reserved handles only if the operator allows them. */
export const handleSchema = (allowedReserved: readonly string[] = []) =>
  z
    .string()
    .transform(normaliseHandle)
    .refine((handle) => /^[a-z0-9_.-]*$/.test(handle), 'may contain only a–z, 0–9, _, . and -')
    .refine((handle) => handle.length >= 3 && handle.length <= 32, 'must have 3 to 32 characters')
    .refine((handle) => !/^[_.-]/.test(handle), 'must begin with a letter or a digit')
    .refine((handle) => !/[_.-]{2}/.test(handle), 'must not have two separators in a row')
    .refine((handle) => allowedReserved.includes(handle) || !isReserved(handle), 'is reserved')
