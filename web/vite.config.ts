import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const packages = join(import.meta.dirname, '../packages')
// The server for `npm run web`, which serves the page itself.
const server = { target: 'http://localhost:4000', ws: true }

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue()],
  resolve: {
    alias: [
      { find: /^@parlance\/(\w+)$/, replacement: `${packages}/$1/src/index.ts` },
      { find: /^@parlance\/client\/(\w+)$/, replacement: `${packages}/client/src/$1/index.ts` },
    ],
  },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // Everything is a file of the server, which the content security policy requires.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/graphql': server, '/media': server, '/uploads': server } },
})
