import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  buildSchema,
  type GraphQLSchema,
  lexicographicSortSchema,
  parse,
  print,
  printSchema,
  visit,
} from 'graphql'
import { shrinkage } from './growth.ts'

export interface Release {
  file: string
  version: number
  schema: GraphQLSchema
}

/** Clients of earlier versions, which were those of the development, are not served. */
export const firstRelease = 3

/** The released schemas of a folder whose clients are served, oldest first. */
export async function releasesIn(folder: string): Promise<Release[]> {
  const files = await readdir(folder)
  const releases = await Promise.all(files.map((file) => readRelease(folder, file)))
  return releases.filter(({ version }) => version >= firstRelease).sort((a, b) => a.version - b.version)
}

async function readRelease(folder: string, file: string): Promise<Release> {
  const text = await readFile(join(folder, file), 'utf8')
  const [, version] = text.match(/^# schemaVersion (\d+)\n/) ?? []
  if (`${version}.graphql` !== file) throw new Error(`${file} does not begin with its version.`)
  return { file, version: Number(version), schema: buildSchema(text) }
}

/** Why a schema cannot be released under a version; none when it can, or already is. */
export function releaseFaults(releases: Release[], version: number, schema: GraphQLSchema): string[] {
  return releases.flatMap((release) => {
    const faults = shrinkage(release.schema, schema)
    if (release.version > version) faults.push('It is newer: increase schemaVersion.')
    if (release.version === version && faults.length === 0 && shapeOf(release.schema) !== shapeOf(schema))
      faults.push('The schema has grown since: increase schemaVersion.')
    return faults.map((fault) => `${release.file}: ${fault}`)
  })
}

/** Writes the schema as released under a version, unless it is. Descriptions may change afterwards. */
export async function release(folder: string, version: number, text: string): Promise<void> {
  const releases = await releasesIn(folder)
  const faults = releaseFaults(releases, version, buildSchema(text))
  if (faults.length > 0) throw new Error(faults.join('\n'))
  await writeFile(join(folder, `${version}.graphql`), `# schemaVersion ${version}\n${text}`)
}

/** A schema without its descriptions, applied directives and order. */
function shapeOf(schema: GraphQLSchema): string {
  const document = visit(parse(printSchema(lexicographicSortSchema(schema))), {
    StringValue: (node, key) => (key === 'description' ? null : node),
    Directive: () => null,
  })
  return print(document)
}
