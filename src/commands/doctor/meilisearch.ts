import { Meilisearch, MeilisearchApiError } from 'meilisearch'
import { type Check, error, type ServiceParts } from './finding.ts'

const oldest = [1, 15] as const

/** Version and key of Meilisearch. */
export const meilisearch: Check<ServiceParts> = async ({
  config: { meiliUrl: host, meiliKey: apiKey, meiliIndex },
}) => {
  if (!host) return []
  const client = new Meilisearch({ host, ...(apiKey ? { apiKey } : {}), timeout: 3_000 })
  try {
    await client.health()
    const { pkgVersion } = await client.getVersion()
    await client.index(meiliIndex).getStats().catch(unlessMissing)
    const [major = 0, minor = 0] = pkgVersion.split('.').map(Number)
    if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return []
    return [error(`Meilisearch is ${pkgVersion}.`, `Update it to ${oldest.join('.')} or newer.`)]
  } catch (fault) {
    return [
      error(
        `Meilisearch cannot be used (${(fault as Error).message}).`,
        'Check MEILI_URL and MEILI_KEY, and that it runs. Until then search answers SEARCH_UNAVAILABLE.',
      ),
    ]
  }
}

/** The first server creates the index. */
function unlessMissing(fault: unknown): void {
  if (!(fault instanceof MeilisearchApiError) || fault.cause?.code !== 'index_not_found') throw fault
}
