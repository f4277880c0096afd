import type { Plugin } from 'vite'

const tag = /graphql`[^`]*?\b(?:query|mutation|subscription|fragment)\s+(\w+)[^`]*`/g

/** Replaces the documents of the Relay project by what its compiler made of them, as bundlers do. */
export const relayTags: Plugin = {
  name: 'relay-tags',
  enforce: 'pre',
  transform: {
    filter: { id: /\/test\/codegen\/relay\/src\// },
    handler(code) {
      const names = new Set<string>()
      const replaced = code.replace(tag, (_text, name: string) => {
        names.add(name)
        return `artifact_${name}`
      })
      const imports = [...names].map(
        (name) => `import artifact_${name} from '../generated/${name}.graphql.ts';`,
      )
      // On one line, so that the lines of the file keep their numbers.
      return { code: `${imports.join('')}${replaced}`, map: null }
    },
  },
}
