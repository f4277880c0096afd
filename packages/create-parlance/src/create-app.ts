import { copyFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'

/** Beside the built program: the web app of the server, and the examples. */
const folder = join(import.meta.dirname, 'templates')

export const templates = (): Promise<string[]> => readdir(folder)

/**
 * Copies a template into a folder that is empty or does not exist, and names the application after it. With a folder of
 * archives, the application has its Parlance packages from copies of those instead of a registry.
 */
export async function createApp(target: string, template: string, archives?: string): Promise<void> {
  const known = await templates()
  if (!known.includes(template))
    throw new Error(`There is no template ${template}. Templates: ${known.join(', ')}.`)
  const path = resolve(target)
  await mkdir(path, { recursive: true })
  if ((await readdir(path)).length > 0)
    throw new Error(`${target} is not empty. Give the name of a new folder.`)
  await cp(join(folder, template), path, { recursive: true })
  const manifest = join(path, 'package.json')
  const { name: _, ...rest } = JSON.parse(await readFile(manifest, 'utf8'))
  if (archives)
    for (const versions of [rest.dependencies, rest.devDependencies])
      if (versions) await takeFromArchives(versions, archives, path)
  await writeFile(manifest, `${JSON.stringify({ name: packageName(path), ...rest }, null, 2)}\n`)
  // npm leaves such a file out of packages.
  await writeFile(join(path, '.gitignore'), 'node_modules/\ndist/\n')
}

async function takeFromArchives(
  versions: Record<string, string>,
  archives: string,
  path: string,
): Promise<void> {
  const copies = join(path, 'parlance')
  await mkdir(copies, { recursive: true })
  for (const name of Object.keys(versions).filter((one) => one.startsWith('@parlance/'))) {
    const archive = `${basename(name)}.tgz`
    await copyFile(join(archives, archive), join(copies, archive))
    versions[name] = `file:parlance/${archive}`
  }
}

/** npm accepts lower case, digits and hyphens everywhere. */
const packageName = (path: string): string =>
  basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '') || 'parlance-app'
