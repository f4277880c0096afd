import {
  type FieldNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Join, JoinContext } from './declare.ts'

/** A join that an operation selects, with its values. */
export interface SelectedJoin {
  join: Join
  values: (number | boolean)[]
}

/** A field with joins, and where it is selected. */
interface Selected {
  join: Join
  field: GraphQLField<unknown, unknown>
  node: FieldNode
}

type Walk = Pick<GraphQLResolveInfo, 'schema' | 'fragments'>

// Documents are cached, so each is walked once.
const known = new WeakMap<FieldNode, Map<string, Selected[]>>()

/** The joins of the fields that are selected on the values at a path below the field that is resolved. */
export function selectedJoins(
  info: GraphQLResolveInfo,
  paths: readonly (readonly string[])[],
  ctx: JoinContext,
): SelectedJoin[] {
  const [node, other] = info.fieldNodes
  // Several nodes are merged into one field; that is rare.
  if (!node?.selectionSet || other) return []
  const byPaths = known.get(node) ?? new Map<string, Selected[]>()
  known.set(node, byPaths)
  const key = paths.join()
  const found = byPaths.get(key) ?? paths.flatMap((path) => [...find(info, node, path)])
  byPaths.set(key, found)
  const joins = new Map<Join, SelectedJoin | null>()
  for (const each of found) {
    // A field that is selected twice has two sets of arguments.
    if (!each.join.values) joins.set(each.join, { join: each.join, values: [] })
    else joins.set(each.join, joins.has(each.join) ? null : withValues(each, info, ctx))
  }
  return [...joins.values()].filter((each) => each !== null)
}

function withValues(
  { join, field, node }: Selected,
  { variableValues }: GraphQLResolveInfo,
  ctx: JoinContext,
): SelectedJoin | null {
  try {
    const values = join.values?.(getArgumentValues(field, node, variableValues), ctx) ?? null
    return values && { join, values }
  } catch {
    // The field itself reports what is wrong with its arguments.
    return null
  }
}

function* find(info: GraphQLResolveInfo, node: FieldNode, path: readonly string[]): Generator<Selected> {
  const type = getNamedType(info.returnType)
  if (node.selectionSet) yield* below(info, type, node.selectionSet, path)
}

function* below(
  walk: Walk,
  type: GraphQLNamedType,
  set: SelectionSetNode,
  [next, ...rest]: readonly string[],
): Generator<Selected> {
  for (const [on, node] of fieldsIn(walk, type, set)) {
    for (const field of fieldsNamed(walk.schema, on, node.name.value)) {
      if (next === undefined) {
        for (const join of (field.extensions.joins ?? []) as readonly Join[]) yield { join, field, node }
      } else if (node.name.value === next && node.selectionSet) {
        yield* below(walk, getNamedType(field.type), node.selectionSet, rest)
      }
    }
  }
}

/** The selected fields, each with the type on which it is selected, without those that a directive may leave out. */
function* fieldsIn(
  walk: Walk,
  type: GraphQLNamedType,
  set: SelectionSetNode,
): Generator<[GraphQLNamedType, FieldNode]> {
  for (const selection of set.selections) {
    if (selection.directives?.length) continue
    if (selection.kind === Kind.FIELD) {
      yield [type, selection]
      continue
    }
    const part = selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments[selection.name.value]
    const on = part?.typeCondition ? walk.schema.getType(part.typeCondition.name.value) : type
    if (part && on) yield* fieldsIn(walk, on, part.selectionSet)
  }
}

/** A field of an interface is resolved by the object types, each of which may have joins of its own. */
function fieldsNamed(schema: GraphQLSchema, type: GraphQLNamedType, name: string) {
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type]
  const fields = types.flatMap((each) =>
    isObjectType(each) || isInterfaceType(each) ? (each.getFields()[name] ?? []) : [],
  )
  // The types of a list or a page differ in nothing but their joins.
  const byJoins = new Map(fields.map((field) => [field.extensions.joins, field]))
  return byJoins.values()
}
