interface Validated {
  validate(): void
}

/**
 * Validates an object by its schema, and returns the paths of fields that the schema does not know: those that its
 * validation never reads. Kubernetes itself drops them without an error.
 */
export function unknownFields(
  Model: { prototype: Validated },
  object: Readonly<Record<string, unknown>>,
): string[] {
  const unread = new Set<string>()
  const watched = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const children = new Map<PropertyKey, unknown>()
    for (const [key, child] of Object.entries(value)) {
      const name = `${path}.${key}`
      if (!Array.isArray(value)) unread.add(name)
      children.set(key, watched(child, name))
    }
    return new Proxy(value, {
      get(target, key, receiver) {
        unread.delete(`${path}.${String(key)}`)
        return children.get(key) ?? Reflect.get(target, key, receiver)
      },
    })
  }
  // The constructor would copy the object.
  Model.prototype.validate.call(watched(object, ''))
  return [...unread.keys()].map((path) => path.slice(1))
}
