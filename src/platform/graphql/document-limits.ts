import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
  visit,
} from 'graphql'
import type { Limits } from '../../config.ts'
import { type Refusal, refuse } from '../../errors.ts'

export type DocumentLimits = Pick<
  Limits,
  'queryLength' | 'queryDepth' | 'queryCost' | 'aliases' | 'directives' | 'pageSize' | 'pageSizeMax'
>

// Validation compares the fields of a document in pairs; without a bound, 15,000 characters take a quarter of a second.
const selectionsMax = 600
const valueDepthMax = 16

export function tooComplex(what: string, limit: number, actual: number): Refusal {
  return refuse('QUERY_TOO_COMPLEX', `The ${what} is ${actual}; at most ${limit} is allowed.`, {
    limit,
    actual,
  })
}

/** Returns the first limit that a document exceeds. The document need not be valid. */
export function brokenLimit(document: DocumentNode, limits: DocumentLimits): Refusal | null {
  const { aliases, directives, selections, valueDepth } = count(document)
  const measured: [string, number, number][] = [
    ['number of selections in the document', selectionsMax, selections],
    ['number of aliases in the document', limits.aliases, aliases],
    ['number of directives in the document', limits.directives, directives],
    ['depth of a literal value', valueDepthMax, valueDepth],
  ]
  for (const [what, limit, actual] of measured) if (actual > limit) return tooComplex(what, limit, actual)
  const depth = deepest(document)
  return depth > limits.queryDepth ? tooComplex('depth of the document', limits.queryDepth, depth) : null
}

function count(document: DocumentNode) {
  const counts = { aliases: 0, directives: 0, selections: 0, valueDepth: 0 }
  let values = 0
  const nested = {
    enter: () => {
      counts.valueDepth = Math.max(counts.valueDepth, ++values)
    },
    leave: () => {
      values -= 1
    },
  }
  const selection = () => {
    counts.selections += 1
  }
  const visitor: ASTVisitor = {
    Field: (node) => {
      counts.selections += 1
      if (node.alias) counts.aliases += 1
    },
    InlineFragment: selection,
    FragmentSpread: selection,
    Directive: () => {
      counts.directives += 1
    },
    ListValue: nested,
    ObjectValue: nested,
  }
  visit(document, visitor)
  return counts
}

/** Levels of fields, through fragments. A fragment cycle ends the count; validation reports it. */
function deepest(document: DocumentNode): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  const known = new Map<string, number>()

  const depthOfFragment = (name: string): number => {
    const found = known.get(name)
    if (found !== undefined) return found
    known.set(name, 0)
    const set = fragments.get(name)?.selectionSet
    const depth = set ? depthOf(set) : 0
    known.set(name, depth)
    return depth
  }
  const depthOf = (set: SelectionSetNode): number => {
    let depth = 0
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        depth = Math.max(depth, depthOfFragment(selection.name.value))
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        depth = Math.max(depth, depthOf(selection.selectionSet))
      // The specified rules limit the depth of introspection.
      else if (!selection.name.value.startsWith('__'))
        depth = Math.max(depth, 1 + (selection.selectionSet ? depthOf(selection.selectionSet) : 0))
    }
    return depth
  }

  let depth = 0
  for (const node of document.definitions)
    if (node.kind === Kind.OPERATION_DEFINITION) depth = Math.max(depth, depthOf(node.selectionSet))
  return depth
}
