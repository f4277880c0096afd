import { join } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

// The server, which serves the built page itself.
const server = { target: 'http://localhost:4000', ws: true }

/** The service worker keeps every built file, so it begins with their names. */
const builtFiles: Plugin = {
  name: 'built-files',
  generateBundle(_, bundle) {
    const worker = bundle['service-worker.js']
    if (worker?.type !== 'chunk') return
    const names = Object.keys(bundle).filter((name) => name.startsWith('assets/'))
    const paths = [...names, 'icon.svg', 'manifest.webmanifest'].map((name) => `/${name}`)
    worker.code = `const BUILT_FILES=${JSON.stringify(paths)};${worker.code}`
  },
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [vue(), builtFiles],
  build: {
    // Everything is a file of the server, which the content security policy requires.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: join(import.meta.dirname, 'index.html'),
        'service-worker': join(import.meta.dirname, 'src/offline/worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { proxy: { '/graphql': server, '/media': server, '/uploads': server } },
})
