import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

interface Builder {
  cachedBuild(file: string): Promise<string>
  build(file: string, folder: string, change?: (path: string, source: string) => string): Promise<unknown>
}

/** The builder of the scripts. A build of this file must not contain it: it finds the project by its own place. */
const builder = () =>
  import(pathToFileURL(join(import.meta.dirname, '../../scripts/build.mjs')).href) as Promise<Builder>

/** The server as `npm start` runs it. */
export const serverProgram = async (): Promise<string> => (await builder()).cachedBuild('src/main.ts')

/** The server with changed sources. */
export async function changedProgram(
  folder: string,
  change: (path: string, source: string) => string,
): Promise<string> {
  await (await builder()).build('src/main.ts', folder, change)
  return join(folder, 'main.js')
}
