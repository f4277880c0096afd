import {
  type GraphQLCompositeType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { buildSchema } from '../../src/schema.ts'

export const schema = buildSchema()

/** Values that differ whenever they are read. */
const volatile = /^(url|urlExpiresAt|thumbnailUrl|lastSeenAt|accessTokenExpiresInSeconds)$/

const isConnection = (type: GraphQLNamedType) => /Connection$/.test(type.name)

const isEntity = (type: GraphQLNamedType) =>
  isCompositeType(type) && 'getFields' in type && 'id' in type.getFields()

const fieldsOf = (type: GraphQLObjectType) =>
  Object.values(type.getFields()).filter(
    (field) =>
      !field.args.some(isRequiredArgument) &&
      !volatile.test(field.name) &&
      !isConnection(getNamedType(field.type)),
  )

const leavesOf = (type: GraphQLCompositeType): string[] =>
  'getFields' in type
    ? Object.values(type.getFields())
        .filter((field) => isLeafType(getNamedType(field.type)) && !volatile.test(field.name))
        .map(({ name }) => name)
    : []

/** A part without an identity, with what is in it. */
function part(type: GraphQLCompositeType): string {
  const nested = isObjectType(type)
    ? fieldsOf(type).flatMap(({ name, type: of }) => {
        const named = getNamedType(of)
        if (isLeafType(named)) return []
        return [
          `${name} ${isEntity(named) ? '{ __typename id }' : `{ __typename ${leavesOf(named as never).join(' ')} }`}`,
        ]
      })
    : []
  return `{ __typename ${[...leavesOf(type), ...nested].join(' ')} }`
}

/** The fields of an object: references by id, parts without an identity in full. */
function flat(type: GraphQLObjectType): string {
  return fieldsOf(type)
    .map(({ name, type: of }) => {
      const named = getNamedType(of)
      if (isLeafType(named)) return name
      return `${name} ${isEntity(named) ? '{ __typename id }' : part(named as GraphQLCompositeType)}`
    })
    .join(' ')
}

const possible = (type: GraphQLNamedType): GraphQLObjectType[] =>
  isAbstractType(type) ? [...schema.getPossibleTypes(type)] : [type as GraphQLObjectType]

/** A document with the fragments that it spreads. */
export class EntityDocument {
  readonly #fragments = new Map<string, string>()

  /** Everything about an object; other objects by their ids. */
  flat(type: GraphQLNamedType): string {
    const spreads = possible(type).map((each) => {
      this.#fragments.set(each.name, `fragment All${each.name} on ${each.name} { __typename ${flat(each)} }`)
      return `...All${each.name}`
    })
    return `{ __typename ${spreads.join(' ')} }`
  }

  /** Everything about an object and about those that it refers to. */
  deep(type: GraphQLNamedType): string {
    const inner = possible(type).map((each) => {
      const entities = fieldsOf(each).filter((field) => isEntity(getNamedType(field.type)))
      const nested = entities.map(({ name, type: of }) => `${name} ${this.flat(getNamedType(of))}`)
      return `... on ${each.name} { ${nested.join(' ')} }`
    })
    return `${this.flat(type).slice(0, -1)} ${inner.filter((text) => !text.endsWith('{  }')).join(' ')} }`
  }

  /** A payload, with everything about the objects in it. */
  payload(type: GraphQLObjectType): string {
    const fields = fieldsOf(type).map(({ name, type: of }) => {
      const named = getNamedType(of)
      if (isLeafType(named)) return name
      return `${name} ${isEntity(named) ? this.deep(named) : part(named as GraphQLCompositeType)}`
    })
    return `{ __typename ${fields.join(' ')} }`
  }

  text(operation: string): string {
    return [operation, ...this.#fragments.values()].join('\n')
  }
}
