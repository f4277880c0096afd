import { readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'))

const isNested = (type: GraphQLNamedType) => isObjectType(type) || isAbstractType(type)

/** A field with all fields of the objects in it, to a depth; nothing if it needs an argument or lies deeper. */
function fieldText(
  parent: string,
  { name, type, args }: GraphQLField<unknown, unknown>,
  depth: number,
): string[] {
  const named = getNamedType(type)
  if (args.some(isRequiredArgument) || (isNested(named) && depth === 0)) return []
  return [`${parent}${name} ${isNested(named) ? selection(named, depth - 1) : ''}`]
}

function selection(type: GraphQLNamedType, depth: number): string {
  if (isAbstractType(type)) {
    // Types of one union may give one name to fields of different types.
    const parts = schema.getPossibleTypes(type).map((each) => {
      const fields = Object.values(each.getFields())
      const texts = fields.flatMap((field) => fieldText(`${each.name}_${field.name}: `, field, depth))
      return `... on ${each.name} { __typename ${texts.join(' ')} }`
    })
    return `{ __typename ${parts.join(' ')} }`
  }
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields()).flatMap((field) => fieldText('', field, depth))
  return `{ __typename ${fields.join(' ')} }`
}

function typeNamed(name: string) {
  const type = schema.getType(name)
  if (!isObjectType(type)) throw new Error(`There is no type ${name}.`)
  return type
}

/** Selects everything of an object type, to a depth. */
export const everythingOf = (typeName: string, depth: number): string => selection(typeNamed(typeName), depth)

/** Queries for everything about the result of one field of Query: one for each field of its type. */
export function everythingAbout(call: string, typeName: string, depth: number): string[] {
  return Object.values(typeNamed(typeName).getFields())
    .flatMap((field) => fieldText('', field, depth))
    .map((text) => `{ found: ${call} { __typename ... on ${typeName} { ${text} } } }`)
}

/** Replaces ids, times and cursors by what they stand for, so that answers about different users can be compared. */
export function comparable(answer: unknown, names: ReadonlyMap<string, string>): unknown {
  let text = JSON.stringify(answer)
  for (const [id, name] of names) text = text.replaceAll(id, name)
  return JSON.parse(
    text
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time')
      .replace(/[0-7][0-9A-HJKMNP-TV-Z]{25}/g, 'an id')
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'a client id')
      .replace(/"(\w*[cC]ursor|inviteCode|requestId)":"[^"]*"/g, '"$1":"any"'),
  )
}
