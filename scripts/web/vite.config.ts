import { join } from 'node:path'
import { mergeConfig } from 'vite'
import web from '../../web/vite.config.ts'

const packages = join(import.meta.dirname, '../../packages')

/** The web app with the sources of the packages, which an application of its own has in node_modules. */
export default mergeConfig(web, {
  resolve: {
    alias: [
      { find: /^@parlance\/(\w+)$/, replacement: `${packages}/$1/src/index.ts` },
      { find: /^@parlance\/client\/(\w+)$/, replacement: `${packages}/client/src/$1/index.ts` },
    ],
  },
})
