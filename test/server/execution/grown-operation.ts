import type { GeneratorValue } from 'fast-check'
import fc from 'fast-check'
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  isRequiredArgument,
  type OperationDefinitionNode,
  parse,
} from 'graphql'
import type { Limits } from '../../../src/config.ts'
import { compileCost } from '../../../src/platform/graphql/cost/compile.ts'
import { buildSchema } from '../../../src/schema.ts'

export const schema = buildSchema()

/** Arguments of fields, by names such as `Query.node`. */
export type Arguments = Readonly<Record<string, string>>

type Field = GraphQLField<unknown, unknown>

interface Selection {
  type: GraphQLObjectType
  /** How many lists contain it. */
  lists: number
  depth: number
  fields: { field: Field; args: string; within: Selection | null }[]
}

const depthMax = 10
/** As a document has limits, too. */
const fieldsMax = 250
/** How often an addition may exceed the limit before the operation counts as grown. */
const patience = 25

const isList = ({ type, args }: Field) =>
  isListType(getNullableType(type)) || args.some(({ name }) => name === 'first' || name === 'last')

export interface GrownOperation {
  text: string
  cost: number
  /** The most lists within each other. */
  lists: number
}

/** Adds random fields to a query for as long as it costs no more than the limit. */
export function growOperation(gen: GeneratorValue, args: Arguments, limits: Limits): GrownOperation {
  const pick = <Value>(values: readonly Value[]) => values[gen(fc.nat, { max: values.length - 1 })] as Value
  const root: Selection = { type: schema.getQueryType() as GraphQLObjectType, lists: 0, depth: 0, fields: [] }
  const selections = [root]
  let grown = { text: textOf(root), cost: 0 }

  for (let refused = 0, added = 0; refused < patience && added < fieldsMax; ) {
    const parent = pick(selections)
    const fields = usable(parent.type, args)
    const objects = fields.filter(({ type }) => isCompositeType(getNamedType(type)))
    // Fields without fields cost 1 and read nothing, so that few are wanted.
    const field = pick(objects.length > 0 && gen(fc.nat, { max: 4 }) > 0 ? objects : fields)
    const named = getNamedType(field.type)
    const within = isCompositeType(named)
      ? {
          type: isAbstractType(named) ? pick(schema.getPossibleTypes(named)) : (named as GraphQLObjectType),
          lists: parent.lists + (isList(field) ? 1 : 0),
          depth: parent.depth + 1,
          fields: [],
        }
      : null
    parent.fields.push({ field, args: args[`${parent.type.name}.${field.name}`] ?? '', within })
    const text = textOf(root)
    const cost = costOf(text, limits)
    if (cost > limits.queryCost || (within?.depth ?? 0) > depthMax) {
      parent.fields.pop()
      refused += 1
      continue
    }
    grown = { text, cost }
    added += 1
    if (within) selections.push(within)
  }
  return { ...grown, lists: Math.max(...selections.map(({ lists }) => lists)) }
}

const usable = (type: GraphQLObjectType, args: Arguments) =>
  Object.values(type.getFields()).filter(
    (field) => !field.args.some(isRequiredArgument) || `${type.name}.${field.name}` in args,
  )

/** Aliases, as one field may be selected several times with different fields in it. */
const textOf = ({ fields }: Selection): string =>
  `{ __typename ${fields
    .map(({ field, args, within }, index) => {
      const isAbstract = within && !isObjectType(getNamedType(field.type))
      const inner =
        within && (isAbstract ? `{ ... on ${within.type.name} ${textOf(within)} }` : textOf(within))
      return `a${index}: ${field.name}${args} ${inner ?? ''}`
    })
    .join(' ')} }`

function costOf(text: string, limits: Limits): number {
  const document = parse(text)
  return compileCost(schema, document, getOperationAST(document) as OperationDefinitionNode, limits)({})
}
