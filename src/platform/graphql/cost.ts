import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'

export type Variables = Readonly<Record<string, unknown>>

/**
 * Maximum cost of an operation: each field costs 1, and selections on the items of a page count once per possible item.
 * Compiled once per operation; page sizes may be variables.
 */
export type CostFormula = (variables: Variables) => number

export interface PageLimits {
  pageSize: number
  pageSizeMax: number
}

/** One evaluation. Costs of fragments are cached, since fragments may spread each other many times. */
interface Evaluation {
  variables: Variables
  fragments: Map<string, number>
}

type Cost = (evaluation: Evaluation) => number

const introspectionCosts: Record<string, number> = { __schema: 2000, __type: 100, __typename: 0 }

/** Expects a valid document. */
export function compileCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: PageLimits,
): CostFormula {
  const root = schema.getRootType(operation.operation)
  if (!root) return () => 0
  const cost = new CostCompiler(schema, document, operation, limits).selectionSet(
    operation.selectionSet,
    root,
  )
  return (variables) => cost({ variables, fragments: new Map() })
}

class CostCompiler {
  readonly #schema: GraphQLSchema
  readonly #limits: PageLimits
  readonly #fragments = new Map<string, FragmentDefinitionNode>()
  readonly #compiled = new Map<string, Cost>()
  readonly #defaults = new Map<string, ValueNode>()

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    limits: PageLimits,
  ) {
    this.#schema = schema
    this.#limits = limits
    for (const node of document.definitions)
      if (node.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(node.name.value, node)
    for (const { variable, defaultValue } of operation.variableDefinitions ?? [])
      if (defaultValue) this.#defaults.set(variable.name.value, defaultValue)
  }

  selectionSet(set: SelectionSetNode, parent: GraphQLCompositeType): Cost {
    const always: Cost[] = []
    // A value has one type, so only the most expensive selection on a concrete type counts.
    const byType = new Map<string, Cost[]>()
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        always.push(this.#field(selection, parent))
        continue
      }
      const spread = selection.kind === Kind.FRAGMENT_SPREAD
      const node = spread ? this.#fragments.get(selection.name.value) : selection
      const type = node?.typeCondition ? this.#schema.getType(node.typeCondition.name.value) : parent
      if (!node || !isCompositeType(type)) continue
      const cost = spread
        ? this.#fragment(selection.name.value, node.selectionSet, type)
        : this.selectionSet(node.selectionSet, type)
      if (isObjectType(type) && type !== parent)
        byType.set(type.name, [...(byType.get(type.name) ?? []), cost])
      else always.push(cost)
    }
    const alternatives = [...byType.values()]
    return (evaluation) =>
      sum(always, evaluation) + Math.max(0, ...alternatives.map((costs) => sum(costs, evaluation)))
  }

  #fragment(name: string, set: SelectionSetNode, type: GraphQLCompositeType): Cost {
    const cost = this.#compiled.get(name) ?? this.selectionSet(set, type)
    this.#compiled.set(name, cost)
    return (evaluation) => {
      const value = evaluation.fragments.get(name) ?? cost(evaluation)
      evaluation.fragments.set(name, value)
      return value
    }
  }

  #field(node: FieldNode, parent: GraphQLCompositeType): Cost {
    const fixed = introspectionCosts[node.name.value]
    if (fixed !== undefined) return () => fixed
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value]
    const type = field && getNamedType(field.type)
    if (!field || !node.selectionSet || !isCompositeType(type)) return () => 1
    const items = this.#items(node, field)
    const each = this.selectionSet(node.selectionSet, type)
    return (evaluation) => 1 + items(evaluation) * each(evaluation)
  }

  /** Maximum number of items of a field’s page. Lists without pages have limits of their own. */
  #items(node: FieldNode, field: GraphQLField<unknown, unknown>): Cost {
    const sizes = field.args.filter(({ name }) => name === 'first' || name === 'last')
    if (sizes.length === 0) return () => 1
    const fallback = sizes.map(({ defaultValue }) => defaultValue).find((value) => typeof value === 'number')
    const given = (node.arguments ?? []).filter(({ name }) => sizes.some((size) => size.name === name.value))
    return ({ variables }) => {
      const values = given
        .map(({ value }) => this.#number(value, variables))
        .filter((value) => value !== undefined)
      const size = values.length > 0 ? Math.max(...values) : ((fallback as number) ?? this.#limits.pageSize)
      return Math.min(Math.max(size, 1), this.#limits.pageSizeMax)
    }
  }

  #number(node: ValueNode, variables: Variables): number | undefined {
    if (node.kind === Kind.INT) return Number(node.value)
    if (node.kind !== Kind.VARIABLE) return undefined
    const value = variables[node.name.value]
    if (typeof value === 'number') return value
    const fallback = this.#defaults.get(node.name.value)
    return value === undefined && fallback?.kind === Kind.INT ? Number(fallback.value) : undefined
  }
}

const sum = (costs: Cost[], evaluation: Evaluation) => {
  let total = 0
  for (const cost of costs) total += cost(evaluation)
  return total
}
