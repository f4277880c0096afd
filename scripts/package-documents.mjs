// A plugin of graphql-codegen for packages: each document as a typed string without white space. Fragments are strings of
// their own, which documents share, so that a bundle holds each of them once. Within the texts they have short names.

import { Kind, print, stripIgnoredCharacters, visit } from 'graphql'

const head = `/** The text of an operation, typed by its answer and its variables. */
export type Document<Data, Variables> = string & { readonly __types?: (variables: Variables) => Data }

const joined = (...parts: readonly string[]) => parts.join('')
`

export function plugin(_schema, files) {
  const definitions = files.flatMap(({ document }) => document.definitions)
  const fragments = new Map(
    definitions
      .filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  )
  const shortNames = new Map([...fragments.keys()].map((name, index) => [name, `F${index}`]))
  const literal = (node) => literalOf(withShortNames(node, shortNames))
  const constants = [...fragments].map(([name, node]) => `const ${name} = ${literal(node)}`)
  const operations = definitions
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .map((node) => {
      const name = node.name.value
      const type = `${name}${node.operation[0].toUpperCase()}${node.operation.slice(1)}`
      const parts = [literal(node), ...used(node, fragments)]
      // A bundler keeps an unused sum, because it may call a method of its operands.
      const text = parts.length > 1 ? `/* @__PURE__ */ joined(${parts.join(', ')})` : parts[0]
      return `export const ${name}: Document<${type}, ${type}Variables> = ${text}`
    })
  return [head, ...constants, ...operations].join('\n\n')
}

function withShortNames(node, shortNames) {
  const rename = ({ name, ...rest }) => ({ ...rest, name: { ...name, value: shortNames.get(name.value) } })
  return visit(node, { FragmentDefinition: rename, FragmentSpread: rename })
}

const literalOf = (node) => `'${stripIgnoredCharacters(print(node)).replaceAll("'", "\\'")}'`

/** Names of the fragments that a definition spreads, directly or through others. */
function used(node, fragments, names = new Set()) {
  visit(node, {
    FragmentSpread({ name: { value } }) {
      if (names.has(value)) return
      names.add(value)
      used(fragments.get(value), fragments, names)
    },
  })
  return [...names]
}
