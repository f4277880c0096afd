import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const packages = join(import.meta.dirname, '../../node_modules')

/** Runs a tool of a package or of this folder on a project. It prints its errors to either stream. */
async function run(tool: string, args: string[], project = '.'): Promise<void> {
  const cwd = join(import.meta.dirname, project)
  await promisify(execFile)(process.execPath, [tool, ...args], { cwd }).catch(
    ({ stdout, stderr }: { stdout: string; stderr: string }) => {
      throw new Error(`${project}: ${stdout}${stderr}`)
    },
  )
}

export const typeCheck = (project: string) => run(join(packages, 'typescript/bin/tsc'), ['-p', '.'], project)

export async function compileRelay(): Promise<void> {
  // The compiler makes neither the folder nor the file of documents, and adds no document of an artifact that it knows.
  const generated = join(import.meta.dirname, 'relay/generated')
  await rm(generated, { recursive: true, force: true })
  await mkdir(generated)
  await writeFile(join(generated, 'documents.json'), '{}')
  await run(join(packages, 'relay-compiler/cli.js'), ['relay.config.json'], 'relay')
}

export const generateTada = () => run('generate.mjs', [], 'gql-tada')

/** GraphQL Code Generator takes a second to start, so one process serves all projects. */
export const generate = (projects: string[]) => run('generate.mjs', projects)
