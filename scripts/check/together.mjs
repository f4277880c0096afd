// node scripts/check/together.mjs NAME …   runs scripts of package.json at the same time, and prints the output of each
// when it has ended. Fails if one of them fails, after all have ended.

import { spawn } from 'node:child_process'

const failed = []
await Promise.all(process.argv.slice(2).map(run))
if (failed.length > 0) {
  process.stdout.write(`Failed: ${failed.join(', ')}\n`)
  process.exitCode = 1
}

async function run(name) {
  const start = performance.now()
  const child = spawn('npm', ['run', '--silent', name], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  const output = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk))
  const status = await new Promise((resolve) => {
    child.on('error', (error) => resolve(output.push(Buffer.from(`${error.message}\n`))))
    child.on('close', resolve)
  })
  if (status !== 0) failed.push(name)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  process.stdout.write(`== npm run ${name} (${seconds} s)\n${Buffer.concat(output)}`)
}
