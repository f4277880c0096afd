import { defineConfig, type Plugin } from 'vite'

const tag = /graphql`[^`]*?\b(?:query|mutation|subscription|fragment)\s+(\w+)[^`]*`/g

/** Replaces documents by what Relay's compiler made of them. */
const relay: Plugin = {
  name: 'relay',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/src\/[^/]+\.tsx?$/.test(id)) return
    const names: string[] = []
    const replaced = code.replace(tag, (_, name: string) => `artifact${names.push(name)}`)
    const imports = names.map((name, n) => `import artifact${n + 1} from './generated/${name}.graphql.ts';`)
    return { code: imports.join('') + replaced, map: null }
  },
}

export default defineConfig({ plugins: [relay] })
