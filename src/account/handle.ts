import { z } from 'zod'

/** As handles are stored and compared: compatibility forms folded, lower case. */
export const normaliseHandle = (given: string): string => given.normalize('NFKC').trim().toLowerCase()

/**
 * What a handle looks like at a glance: two handles with the same skeleton would be taken for each other. Nobody
 * sees skeletons.
 */
export function skeletonOf(handle: string): string {
  return handle
    .replace(/[._-]/g, '')
    .replace(/0/g, 'o')
    .replace(/[1i]/g, 'l')
    .replace(/rn/g, 'm')
    .replace(/vv/g, 'w')
}

// Those that would seem to speak for the service, or to be no person at all.
const reserved = `about abuse account admin administrator all api billing bot channel contact deleted everybody everyone
  everything group guest help helpdesk here info legal login mail me moderator mod noreply nobody null official operator owner
  parlance password postmaster privacy register root security self service settings staff status superuser support sysadmin
  system team undefined unknown user webmaster you`

const reservedSkeletons = new Set(reserved.split(/\s+/).map(skeletonOf))

// The handles of accounts that are gone begin with it.
const tombstone = 'deleted_'

export const tombstoneHandle = (userId: string): string => `${tombstone}${userId.slice(-16).toLowerCase()}`

/** A handle that somebody may take, normalised. */
export const handleSchema = z
  .string()
  .transform(normaliseHandle)
  .refine((handle) => /^[a-z0-9_.-]*$/.test(handle), 'may consist of a–z, 0–9, _, . and - only')
  .refine((handle) => handle.length >= 3 && handle.length <= 32, 'must have 3 to 32 characters')
  .refine((handle) => !/^[_.-]/.test(handle), 'must begin with a letter or a digit')
  .refine((handle) => !/[_.-]{2}/.test(handle), 'must not have two separators in a row')
  .refine(
    (handle) => !reservedSkeletons.has(skeletonOf(handle)) && !handle.startsWith(tombstone),
    'is reserved',
  )
