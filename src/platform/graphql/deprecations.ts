import {
  type ASTVisitor,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/** Coordinates that an operation uses and the schema declares deprecated, such as `Message.text`. */
export type FindDeprecations = (document: DocumentNode, operationName?: string) => readonly string[]

const none: readonly string[] = []

/** Finds fields, arguments, enum values and input fields in valid documents. What variables contain is not looked at. */
export function createDeprecationFinder(schema: GraphQLSchema): FindDeprecations {
  if (!Object.values(schema.getTypeMap()).some(hasDeprecated)) return () => none
  return (document, operationName = '') => {
    const operation = separateOperations(document)[operationName]
    if (!operation) return none
    const found = new Set<string>()
    const info = new TypeInfo(schema)
    visit(operation, visitWithTypeInfo(info, visitorOf(info, found)))
    return found.size > 0 ? [...found] : none
  }
}

function visitorOf(info: TypeInfo, found: Set<string>): ASTVisitor {
  const note = (part: { deprecationReason?: string | null } | null | undefined, coordinate: string) => {
    if (part?.deprecationReason != null) found.add(coordinate)
  }
  const fieldName = () => `${info.getParentType()?.name}.${info.getFieldDef()?.name}`
  return {
    Field: () => note(info.getFieldDef(), fieldName()),
    Argument(node) {
      const directive = info.getDirective()
      const owner = directive ? `@${directive.name}` : fieldName()
      note(info.getArgument(), `${owner}(${node.name.value}:)`)
    },
    ObjectField(node) {
      const type = info.getParentInputType()
      if (isInputObjectType(type)) note(type.getFields()[node.name.value], `${type.name}.${node.name.value}`)
    },
    EnumValue(node) {
      note(
        info.getEnumValue(),
        `${info
          .getInputType()
          ?.toString()
          .replace(/[[\]!]/g, '')}.${node.value}`,
      )
    },
  }
}

function hasDeprecated(type: GraphQLNamedType): boolean {
  const isDeprecated = ({ deprecationReason }: { deprecationReason?: string | null }) =>
    deprecationReason != null
  if (isEnumType(type)) return type.getValues().some(isDeprecated)
  if (isInputObjectType(type)) return Object.values(type.getFields()).some(isDeprecated)
  if (!isObjectType(type) && !isInterfaceType(type)) return false
  return Object.values(type.getFields()).some((field) => isDeprecated(field) || field.args.some(isDeprecated))
}
