import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql'

/** The selection of a subscription operation, analysed once. */
export interface ShareAnalysis {
  /** Whether all fields selected on this event type have the same value for every viewer. */
  shareable(typeName: string): boolean
  /** The variables that the result depends on: those used below the root field. */
  variables: string[]
  /** Whether a path of fields is selected; its first part is the type of the event. */
  selects(path: string[]): boolean
}

export function analyseSharing(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): ShareAnalysis {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION
        ? [[node.name.value, node] as [string, FragmentDefinitionNode]]
        : [],
    ),
  )
  const [root] = rootSelections(operation, fragments)
  const results = new Map<string, boolean>()
  const walk = { schema, fragments }

  return {
    shareable(typeName) {
      const known = results.get(typeName)
      if (known !== undefined) return known
      const type = schema.getType(typeName)
      const result = root !== undefined && isObjectType(type) && everyField(walk, type, root)
      results.set(typeName, result)
      return result
    },
    variables: root ? usedBelow(document, root) : [],
    selects: ([typeName, ...fields]) => {
      const type = typeName === undefined ? undefined : schema.getType(typeName)
      return root !== undefined && isObjectType(type) && selectsPath(walk, type, root, fields)
    },
  }
}

interface Walk {
  schema: GraphQLSchema
  fragments: Map<string, FragmentDefinitionNode>
}

function rootSelections(
  operation: OperationDefinitionNode,
  fragments: Walk['fragments'],
): SelectionSetNode[] {
  return operation.selectionSet.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection.selectionSet ? [selection.selectionSet] : []
    const set =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.get(selection.name.value)?.selectionSet
    return set ? rootSelections({ ...operation, selectionSet: set }, fragments) : []
  })
}

/** The fields selected on one object type, through all the fragments that apply to it. */
function* fieldsOf(
  walk: Walk,
  type: GraphQLObjectType,
  set: SelectionSetNode,
): Generator<{ name: string; set?: SelectionSetNode }> {
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      yield { name: selection.name.value, set: selection.selectionSet }
      continue
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : walk.fragments.get(selection.name.value)
    if (!fragment) continue
    const condition = fragment.typeCondition?.name.value
    if (condition === undefined || applies(walk.schema, type, condition))
      yield* fieldsOf(walk, type, fragment.selectionSet)
  }
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, condition: string): boolean {
  const conditionType = schema.getType(condition)
  if (conditionType === type) return true
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type)
}

function everyField(walk: Walk, type: GraphQLObjectType, set: SelectionSetNode): boolean {
  for (const selected of fieldsOf(walk, type, set)) {
    if (selected.name.startsWith('__')) continue
    const field = type.getFields()[selected.name]
    if (!field?.extensions.shareable) return false
    const below = selected.set
    if (
      below &&
      !possibleTypes(walk.schema, getNamedType(field.type)).every((next) => everyField(walk, next, below))
    )
      return false
  }
  return true
}

function possibleTypes(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLObjectType[] {
  if (isInterfaceType(type)) return schema.getImplementations(type).objects
  return isObjectType(type) ? [type] : []
}

function selectsPath(walk: Walk, type: GraphQLObjectType, set: SelectionSetNode, path: string[]): boolean {
  const [name, ...rest] = path
  for (const selected of fieldsOf(walk, type, set)) {
    if (selected.name !== name) continue
    if (rest.length === 0) return true
    const field = type.getFields()[name]
    const below = selected.set
    if (!field || !below) continue
    if (
      possibleTypes(walk.schema, getNamedType(field.type)).some((next) =>
        selectsPath(walk, next, below, rest),
      )
    )
      return true
  }
  return false
}

// Includes all variables of all fragments: an extra variable only reduces sharing.
function usedBelow(document: DocumentNode, root: SelectionSetNode): string[] {
  const used = new Set<string>()
  const collect = { Variable: (node: { name: { value: string } }) => void used.add(node.name.value) }
  visit(root, collect)
  for (const node of document.definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) visit(node, collect)
  return [...used].sort()
}
