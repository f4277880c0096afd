import { z } from 'zod'

/** As handles are stored and compared: compatibility forms folded, lower case. */
export const normaliseHandle = (given: string): string => given.normalize('NFKC').trim().toLowerCase()

/**
 * What a handle looks like at a glance: two handles with the same skeleton would be taken for each other. Nobody
 * sees skeletons.
 */
export function skeletonOf(handle: string): string {
  return handle
    .replace(/[.-]/g, '_')
    .replace(/0/g, 'o')
    .replace(/[1i]/g, 'l')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
}

const words = (list: string) => new Set(list.split(/\s+/))

// Whoever looks like one of these would seem to speak for the service.
const official = new Set(
  [
    ...words(`admin administrator helpdesk moderator mod official operator parlance postmaster root security staff
      superuser support sysadmin system team webmaster`),
  ].map(skeletonOf),
)

// These mean something else, to people or to programs.
const taken =
  words(`about abuse account all api billing bot channel contact everybody everyone everything group guest
  help here info legal login mail me noreply nobody null owner password privacy register self service settings status
  undefined unknown user you`)

// The handles of accounts that are gone begin with it.
const tombstone = 'deleted_'

export const tombstoneHandle = (userId: string): string => `${tombstone}${userId.slice(-16).toLowerCase()}`

function isReserved(handle: string): boolean {
  const skeleton = skeletonOf(handle)
  return official.has(skeleton.replaceAll('_', '')) || taken.has(handle) || skeleton.startsWith(tombstone)
}

/** A handle that somebody may take, normalised; of the reserved ones only those that the operator gives out. */
export const handleSchema = (given: readonly string[] = []) =>
  z
    .string()
    .transform(normaliseHandle)
    .refine((handle) => /^[a-z0-9_.-]*$/.test(handle), 'may consist of a–z, 0–9, _, . and - only')
    .refine((handle) => handle.length >= 3 && handle.length <= 32, 'must have 3 to 32 characters')
    .refine((handle) => !/^[_.-]/.test(handle), 'must begin with a letter or a digit')
    .refine((handle) => !/[_.-]{2}/.test(handle), 'must not have two separators in a row')
    .refine((handle) => given.includes(handle) || !isReserved(handle), 'is reserved')
