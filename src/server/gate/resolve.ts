import { createHash } from 'node:crypto'
import { type Refusal, refuse } from '../../errors.ts'
import type { Documents } from '../../platform/graphql/documents.ts'
import type { Metrics } from '../../platform/metrics.ts'
import type { TrustedDocuments } from './trusted.ts'

/** How a client names the document of an operation. */
export interface DocumentReference {
  /** The document itself; empty if the client sends an id alone. */
  query?: string | null
  /** Id of a document that the server knows: of a trusted document, or `sha256:` and the hash. */
  documentId?: string | null
  /** SHA-256 of the document, or the id of a trusted one, in `extensions.persistedQuery`. */
  sha256Hash?: string | null
  /** Whether it is sent by GraphiQL, for which any document is accepted. */
  fromExplorer?: boolean
}

/** The text of a document. It is kept under its hash, if the client sent that, once it proves valid. */
export interface ResolvedDocument {
  source: string
  persistAs?: string
}

export type ResolveDocument = (reference: DocumentReference) => ResolvedDocument | Refusal

/** Finds the document that a client names, or refuses a document that is not trusted. */
export function createResolver(parts: {
  trusted: TrustedDocuments
  /** Whether other documents are refused. */
  only: boolean
  documents: Pick<Documents, 'persisted'>
  metrics: Metrics
}): ResolveDocument {
  const { trusted, only, documents, metrics } = parts
  const counter = metrics.counter('documents_total', 'Documents of operations, by how clients sent them.', [
    'source',
  ])
  const found = (as: 'trusted' | 'persisted' | 'text', document: ResolvedDocument) => {
    counter.inc({ source: as })
    return document
  }

  return ({ query, documentId, sha256Hash, fromExplorer = false }) => {
    const id = documentId ?? sha256Hash ?? ''
    const hash = id.replace(/^sha256:/, '')
    const trustedSource = trusted.get(id) ?? trusted.get(hash)
    if (trustedSource !== undefined) return found('trusted', { source: trustedSource })
    if (query && trusted.has(query)) return found('trusted', { source: query })
    if (only && !fromExplorer) return notTrusted()
    // The socket library requires a query: clients that send an id alone leave it empty.
    if (id && !query) {
      const source = documents.persisted(hash)
      return source === undefined ? notFound() : found('persisted', { source })
    }
    const source = query ?? ''
    if (!sha256Hash) return found('text', { source })
    return sha256Hash === sha256(source) ? found('text', { source, persistAs: sha256Hash }) : wrongHash()
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

const notTrusted = () =>
  refuse('DOCUMENT_NOT_TRUSTED', 'This server accepts only the documents that its operator trusts.')

// The message by which the links of Apollo and urql recognise it.
const notFound = () => refuse('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')

const wrongHash = () => refuse('INVALID_INPUT', 'The hash is not the SHA-256 of the document.')
