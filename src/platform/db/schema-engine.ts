import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import pg from 'pg'

// TypeScript declares this global only in its DOM library.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>
}

export type SchemaEngine = bindings.SchemaEngine

/** Prisma's schema engine as WebAssembly: applies migrations as the Prisma CLI does, without downloading a binary. */
export async function createSchemaEngine(pool: pg.Pool, shadow?: pg.Pool): Promise<SchemaEngine> {
  loaded ??= instantiate()
  await loaded

  const factory = bindMigrationAwareSqlAdapterFactory({
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => connect(pool),
    connectToShadowDb: () =>
      shadow ? connect(shadow) : Promise.reject(new Error('Applying migrations needs no shadow database.')),
  })
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => {}, factory)
}

let loaded: Promise<void> | undefined

// Instantiated here because the package's entry imports a .wasm module, which Node 20 cannot.
async function instantiate(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
  const bytes = await readFile(join(dirname(entry), 'schema_engine_bg.wasm'))
  const imports = Object.fromEntries(Object.entries(bindings).map(withoutWaiting))
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': imports })
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
}

// The engine leaves a timer of ten seconds running, which would keep the process alive.
function withoutWaiting([name, value]: [string, unknown]): [string, unknown] {
  const later = (task: () => void, delay: number) => setTimeout(task, delay).unref()
  return [name, name.startsWith('__wbg_setTimeout') ? later : value]
}

async function connect(pool: pg.Pool): Promise<SqlDriverAdapter> {
  const adapter = await new PrismaPg(markingChars(pool)).connect()
  const queryRaw = adapter.queryRaw.bind(adapter)
  adapter.queryRaw = async (query) => withChars(await queryRaw(query))
  // Prisma's adapter splits a script at every semicolon, also inside function bodies.
  adapter.executeScript = async (script) => {
    await pool.query(script).catch((error: unknown) => {
      throw error instanceof pg.DatabaseError ? asAdapterError(error) : error
    })
  }
  return adapter
}

// The catalogue has columns of the type "char", which Prisma's adapter rejects. They pass through it as text, with a mark
// in their name.
const charMark = '\u0000char'
const oneByteChar = 18
const text = 25

function markingChars(pool: pg.Pool): pg.Pool {
  const marking: pg.Pool = Object.create(pool)
  const query = pool.query.bind(pool) as (config: unknown) => Promise<pg.QueryResult>
  marking.query = (async (config: unknown) => {
    const result = await query(config)
    for (const field of result.fields ?? [])
      if (field.dataTypeID === oneByteChar)
        Object.assign(field, { dataTypeID: text, name: field.name + charMark })
    return result
  }) as typeof pool.query
  return marking
}

function withChars({ columnNames, columnTypes, rows }: SqlResultSet): SqlResultSet {
  const isChar = columnNames.map((name) => name.endsWith(charMark))
  return {
    columnNames: columnNames.map((name) => name.replace(charMark, '')),
    columnTypes: columnTypes.map((type, column) => (isChar[column] ? ColumnTypeEnum.Character : type)),
    rows,
  }
}

function asAdapterError(error: pg.DatabaseError): DriverAdapterError {
  return new DriverAdapterError({
    kind: 'postgres',
    code: error.code ?? '',
    severity: error.severity ?? 'ERROR',
    message: error.message,
    detail: error.detail,
    column: error.column,
    hint: error.hint,
  })
}
