import SchemaBuilder from '@pothos/core'
import './limit-refusals.ts'
import './read-first.ts'
import './shared/shareable.ts'

/** The context of an operation; the application declares its members. */
// biome-ignore lint/suspicious/noEmptyInterface: it is filled by declaration merging.
export interface OperationContext {}

export interface BuilderTypes {
  Context: OperationContext
  DefaultFieldNullability: false
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    URL: { Input: string; Output: string }
    SyncCursor: { Input: string; Output: string }
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> }
  }
}

/** Holds the plugins and the three roots; every slice adds its own types in its schema.ts. */
export const builder = new SchemaBuilder<BuilderTypes>({
  plugins: ['shareable', 'readFirst', 'limitRefusals'],
  defaultFieldNullability: false,
})

builder.queryType({ description: 'Reads. Everything but serverInfo needs a signed-in user.' })
builder.mutationType({ description: 'Writes. The answer comes after the change is durable.' })
builder.subscriptionType({ description: 'Live streams, over graphql-ws.' })
