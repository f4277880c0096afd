#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { createApp, templates } from './create-app.ts'

const usage = async () => `npm create parlance FOLDER [-- --template NAME]

Creates a chat application in a new or empty folder. It connects to http://localhost:4000.

  -t, --template NAME   one of ${(await templates()).join(', ')}; default: web
  --packages FOLDER     takes the Parlance packages from archives in this folder, not from a registry
  -h, --help            prints this text
`

const next = (folder: string) => `Created ${folder}. Next, beside a Parlance server on http://localhost:4000:

  cd ${folder}
  npm install
  npm start
`

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      template: { type: 'string', short: 't', default: 'web' },
      packages: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [folder, ...rest] = positionals
  if (values.help) return void process.stdout.write(await usage())
  if (!folder || rest.length > 0) throw new Error(`Give the name of one folder.\n\n${await usage()}`)
  await createApp(folder, values.template, values.packages)
  process.stdout.write(next(folder))
}

await main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
})
