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
  valueFromASTUntyped,
} from 'graphql'
import type { Limits } from '../../../config.ts'
import type { Items } from './declare.ts'

export type Variables = Readonly<Record<string, unknown>>

/** Maximum cost of an operation. Compiled once per operation; page sizes and list arguments may be variables. */
export type CostFormula = (variables: Variables) => number

/** A list with a page size has a statement of its own, and reads a row per item. Every field costs 1 besides. */
const pageCost = 50
const rowCost = 5

/** One evaluation. Costs of fragments are cached, since fragments may spread each other many times. */
interface Evaluation {
  variables: Variables
  fragments: Map<string, number>
  /** Size of the page that contains the selection. */
  page: number
}

type Cost = (evaluation: Evaluation) => number

const introspectionCosts: Record<string, number> = { __schema: 2000, __type: 100, __typename: 0 }

/** Expects a valid document. */
export function compileCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: Limits,
): CostFormula {
  const root = schema.getRootType(operation.operation)
  if (!root) return () => 0
  const cost = new CostCompiler(schema, document, operation, limits).selectionSet(
    operation.selectionSet,
    root,
  )
  return (variables) => cost({ variables, fragments: new Map(), page: 1 })
}

class CostCompiler {
  readonly #schema: GraphQLSchema
  readonly #limits: Limits
  readonly #fragments = new Map<string, FragmentDefinitionNode>()
  readonly #compiled = new Map<string, Cost>()
  readonly #defaults = new Map<string, ValueNode>()

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    limits: Limits,
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
      const key = `${name} ${evaluation.page}`
      const value = evaluation.fragments.get(key) ?? cost(evaluation)
      evaluation.fragments.set(key, value)
      return value
    }
  }

  #field(node: FieldNode, parent: GraphQLCompositeType): Cost {
    const fixed = introspectionCosts[node.name.value]
    if (fixed !== undefined) return () => fixed
    const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value]
    if (!field) return () => 1
    const type = getNamedType(field.type)
    const each =
      node.selectionSet && isCompositeType(type) ? this.selectionSet(node.selectionSet, type) : free
    const pageSize = this.#pageSize(node, field)
    const items = this.#items(node, field)
    if (pageSize)
      return (evaluation) => {
        const page = pageSize(evaluation)
        return 1 + items(evaluation) * (pageCost + page * rowCost + each({ ...evaluation, page }))
      }
    const own = this.#itemCost(field)
    return (evaluation) => 1 + items(evaluation) * (own + each(evaluation))
  }

  /** What an item costs besides its fields. Those of a page are counted with the page, also if they are not selected. */
  #itemCost({ extensions }: GraphQLField<unknown, unknown>): number {
    if (extensions.items === undefined || extensions.items === 'page') return 0
    return extensions.readsEach ? pageCost : 1
  }

  /** The size of the page that a field’s arguments describe; null if it has none. */
  #pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>): Cost | null {
    const sizes = field.args.filter(({ name }) => name === 'first' || name === 'last')
    if (sizes.length === 0) return null
    const fallback = sizes.map(({ defaultValue }) => defaultValue).find((value) => typeof value === 'number')
    const given = (node.arguments ?? []).filter(({ name }) => sizes.some((size) => size.name === name.value))
    return ({ variables }) => {
      const values = given
        .map(({ value }) => this.#value(value, variables))
        .filter((value) => typeof value === 'number')
      const size = values.length > 0 ? Math.max(...values) : ((fallback as number) ?? this.#limits.pageSize)
      return Math.min(Math.max(size, 1), this.#limits.pageSizeMax)
    }
  }

  #items(node: FieldNode, { extensions }: GraphQLField<unknown, unknown>): Cost {
    const items = extensions.items as Items | undefined
    if (items === undefined) return () => 1
    if (items === 'page') return ({ page }) => page
    if (typeof items === 'number') return () => items
    if (typeof items === 'string') return () => this.#limits[items]
    return ({ variables }) =>
      items
        .map((path) => this.#length(node, path, variables))
        .reduce((product, length) => product * length, 1)
  }

  /** The length of a list in the arguments of a field. */
  #length(node: FieldNode, path: string, variables: Variables): number {
    const [name, ...fields] = path.slice(1).split('.')
    const argument = node.arguments?.find((each) => each.name.value === name)
    const value = fields.reduce<unknown>(
      (parent, field) => (parent as Record<string, unknown> | null | undefined)?.[field],
      argument && this.#value(argument.value, variables),
    )
    // A single value is a list of one.
    return Array.isArray(value) ? value.length : 1
  }

  #value(node: ValueNode, variables: Variables): unknown {
    if (node.kind !== Kind.VARIABLE) return valueFromASTUntyped(node, variables)
    const name = node.name.value
    const fallback = this.#defaults.get(name)
    return name in variables || !fallback ? variables[name] : valueFromASTUntyped(fallback)
  }
}

const free = () => 0

const sum = (costs: Cost[], evaluation: Evaluation) => {
  let total = 0
  for (const cost of costs) total += cost(evaluation)
  return total
}
