import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/** An introspection result with nothing but the types and fields that the documents use. */
export function graphcacheSchema(schema: GraphQLSchema, documents: readonly DocumentNode[]): object {
  const used = usedFields(schema, documents)
  const root = (type: GraphQLNamedType | null | undefined) => type && { name: type.name }
  return {
    __schema: {
      queryType: root(schema.getQueryType()),
      mutationType: root(schema.getMutationType()),
      subscriptionType: root(schema.getSubscriptionType()),
      types: [
        ...[...used].map(([type, names]) => typeOf(schema, type, names)),
        { kind: 'SCALAR', name: 'Any' },
      ],
    },
  }
}

function usedFields(
  schema: GraphQLSchema,
  documents: readonly DocumentNode[],
): Map<GraphQLNamedType, Set<string>> {
  const used = new Map<GraphQLNamedType, Set<string>>()
  const use = (type: GraphQLNamedType, field?: string) => {
    const fields = used.get(type) ?? new Set()
    used.set(type, field ? fields.add(field) : fields)
    // A field of an interface is read from the objects that have it.
    if (isAbstractType(type)) for (const possible of schema.getPossibleTypes(type)) use(possible, field)
  }
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    if (root) use(root)
  const info = new TypeInfo(schema)
  for (const document of documents)
    visit(
      document,
      visitWithTypeInfo(info, {
        Field({ name }) {
          const parent = info.getParentType()
          const type = info.getType()
          if (!parent || !type || name.value.startsWith('__')) return
          use(parent, name.value)
          if (isCompositeType(getNamedType(type))) use(getNamedType(type))
        },
      }),
    )
  return used
}

function typeOf(schema: GraphQLSchema, type: GraphQLNamedType, names: ReadonlySet<string>): object {
  const fields = 'getFields' in type ? Object.values(type.getFields()) : []
  return {
    kind: isAbstractType(type) ? ('getFields' in type ? 'INTERFACE' : 'UNION') : 'OBJECT',
    name: type.name,
    fields: fields
      .filter(({ name }) => names.has(name))
      .map(({ name, type: of }) => ({ name, type: reference(of), args: [] })),
    interfaces:
      'getInterfaces' in type ? type.getInterfaces().map((of) => ({ kind: 'INTERFACE', name: of.name })) : [],
    ...(isAbstractType(type) && {
      possibleTypes: schema.getPossibleTypes(type).map(({ name }) => ({ kind: 'OBJECT', name })),
    }),
  }
}

function reference(type: GraphQLType): object {
  if (isNonNullType(type)) return { kind: 'NON_NULL', ofType: reference(type.ofType) }
  if (isListType(type)) return { kind: 'LIST', ofType: reference(type.ofType) }
  return isCompositeType(type) ? { kind: 'OBJECT', name: type.name } : { kind: 'SCALAR', name: 'Any' }
}
