import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  parse,
  type SelectionSetNode,
  specifiedRules,
  validate,
} from 'graphql'
import type { Limits } from '../../config.ts'
import { refuse } from '../../errors.ts'
import { type CostFormula, compileCost } from './cost/compile.ts'
import { createDeprecationFinder, type FindDeprecations } from './deprecations.ts'
import { brokenLimit, tooComplex } from './document-limits.ts'
import { refusedAs } from './mask.ts'

/** A parsed and validated operation. Only its cost depends on the variables. */
export interface PreparedOperation {
  document: DocumentNode
  /** `operationName` for the executor. */
  name: string | undefined
  type: OperationTypeNode
  rootFields: ReadonlySet<string>
  introspects: boolean
  /** Coordinates of what it uses and the schema declares deprecated. */
  deprecations: readonly string[]
  cost: CostFormula
}

export interface Documents {
  prepare(source: string, operationName?: string | null): PreparedOperation | readonly GraphQLError[]
  /** Why a document is refused, whatever its variables; null if it is not. */
  fault(source: string): GraphQLError | null
  /** Keeps the SHA-256 of a document as long as the document itself. Does nothing if that is not cached. */
  persist(hash: string, source: string): void
  /** The document that was persisted under a SHA-256, unless it was evicted since. */
  persisted(hash: string): string | undefined
}

type Operations = ReadonlyMap<string, PreparedOperation>
type Prepared = Operations | readonly GraphQLError[]

interface Parts {
  schema: GraphQLSchema
  limits: Limits
  findDeprecations: FindDeprecations
}

interface Entry {
  operations: Operations
  hash: string | null
}

const entriesMax = 1000
const charactersMax = 2_000_000

/**
 * Prepares each valid document once, for HTTP and WebSockets. The cache evicts the least recently used documents. Refused
 * ones are not kept: each error holds the state of its validation, and any client can make thousands of them.
 */
export function createDocuments(schema: GraphQLSchema, limits: Limits): Documents {
  const entries = new Map<string, Entry>()
  const sources = new Map<string, string>()
  const parts: Parts = { schema, limits, findDeprecations: createDeprecationFinder(schema) }
  let characters = 0

  function evict(source: string, { hash }: Entry): void {
    entries.delete(source)
    if (hash) sources.delete(hash)
    characters -= source.length
  }

  function lookUp(source: string): Prepared {
    const known = entries.get(source)
    const prepared = known?.operations ?? prepareDocument(parts, source)
    if (isRefused(prepared)) return prepared
    if (known) entries.delete(source)
    else characters += source.length
    entries.set(source, known ?? { operations: prepared, hash: null })
    for (const [oldest, entry] of entries) {
      if (entries.size <= entriesMax && characters <= charactersMax) break
      evict(oldest, entry)
    }
    return prepared
  }

  function prepareAll(source: string): Prepared {
    if (source.length <= limits.queryLength) return lookUp(source)
    return [refusedAs(tooComplex('length of the document in characters', limits.queryLength, source.length))]
  }

  return {
    prepare(source, operationName) {
      const prepared = prepareAll(source)
      return isRefused(prepared) ? prepared : pick(prepared, operationName)
    },
    fault(source) {
      const prepared = prepareAll(source)
      return isRefused(prepared) ? (prepared[0] ?? null) : null
    },
    persist(hash, source) {
      const entry = entries.get(source)
      if (!entry) return
      entry.hash = hash
      sources.set(hash, source)
    },
    persisted: (hash) => sources.get(hash),
  }
}

const isRefused = (prepared: Prepared): prepared is readonly GraphQLError[] => Array.isArray(prepared)

function pick(operations: Operations, operationName: string | null | undefined) {
  if (operationName) {
    const operation = operations.get(operationName)
    return operation ?? [new GraphQLError(`The document has no operation named "${operationName}".`)]
  }
  const [only, other] = operations.values()
  if (only && !other) return only
  return [
    new GraphQLError(
      only ? 'The document has several operations; set operationName.' : 'The document has no operation.',
    ),
  ]
}

function prepareDocument(parts: Parts, source: string): Prepared {
  const { schema, limits } = parts
  try {
    const document = parse(source)
    const broken = brokenLimit(document, limits)
    if (broken) return [refusedAs(broken)]
    const errors = validate(schema, document, specifiedRules, { maxErrors: 10 })
    if (errors.length > 0) return errors
    const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION)
    return new Map(
      operations.map((node) => [node.name?.value ?? '', prepareOperation(parts, document, node)]),
    )
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    // The parser is recursive: an extremely nested document exhausts the stack before its depth is measured.
    if (error instanceof RangeError)
      return [
        refusedAs(
          refuse('QUERY_TOO_COMPLEX', 'The document is nested too deeply.', { limit: limits.queryDepth }),
        ),
      ]
    throw error
  }
}

function prepareOperation(
  { schema, limits, findDeprecations }: Parts,
  document: DocumentNode,
  node: OperationDefinitionNode,
): PreparedOperation {
  const rootFields = new Set(rootFieldsOf(document, node.selectionSet))
  return {
    document,
    name: node.name?.value,
    type: node.operation,
    rootFields,
    introspects: rootFields.has('__schema') || rootFields.has('__type'),
    deprecations: findDeprecations(document, node.name?.value),
    cost: compileCost(schema, document, node, limits),
  }
}

/** Visits each fragment once, since hundreds of them may spread each other. */
function* rootFieldsOf(
  document: DocumentNode,
  set: SelectionSetNode,
  entered = new Set<string>(),
): Generator<string> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) yield selection.name.value
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      yield* rootFieldsOf(document, selection.selectionSet, entered)
    else if (!entered.has(selection.name.value)) {
      entered.add(selection.name.value)
      for (const node of document.definitions)
        if (node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value)
          yield* rootFieldsOf(document, node.selectionSet, entered)
    }
  }
}
