// configuration.ts   writes the tables of docs/configuration.md from the configuration; a test compares them

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withSettingsTables } from './settings-tables.ts'

const file = join(import.meta.dirname, '../docs/configuration.md')
await writeFile(file, withSettingsTables(await readFile(file, 'utf8')))
