import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Config } from '../../config.ts'
import { OperatorError } from '../../platform/operator-error.ts'

/** The documents of the operator's clients, by id. */
export interface TrustedDocuments {
  readonly size: number
  get(id: string): string | undefined
  has(source: string): boolean
  [Symbol.iterator](): Iterator<[id: string, source: string]>
}

// As the client preset and the Relay compiler write it, and Apollo's generator of manifests.
const byId = z.record(z.string(), z.string())
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  operations: z.array(z.object({ id: z.string(), body: z.string() })),
})
const fileFormat = z.union([
  manifest.transform(({ operations }) => operations.map(({ id, body }): [string, string] => [id, body])),
  byId.transform((documents) => Object.entries(documents)),
])

/** Reads the files of TRUSTED_DOCUMENTS. */
export async function loadTrustedDocuments({
  trustedDocuments: { files },
}: Pick<Config, 'trustedDocuments'>): Promise<TrustedDocuments> {
  const documents = new Map((await Promise.all(files.map(readDocuments))).flat())
  const sources = new Set(documents.values())
  return {
    size: documents.size,
    get: (id) => documents.get(id),
    has: (source) => sources.has(source),
    [Symbol.iterator]: () => documents.entries(),
  }
}

async function readDocuments(file: string): Promise<[id: string, source: string][]> {
  const fault = (why: string) => new OperatorError(`TRUSTED_DOCUMENTS: ${file} ${why}`)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw fault(`cannot be read (${error.code}).`)
  })
  const parsed = fileFormat.safeParse(jsonOf(text))
  if (!parsed.success) throw fault('is not a JSON object of ids and documents.')
  return parsed.data
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
