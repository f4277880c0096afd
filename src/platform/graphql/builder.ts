import SchemaBuilder from '@pothos/core'
import './errors/declared.ts'
import './cost/declare.ts'
import './joins/declare.ts'
import './limit-refusals.ts'
import './null-in-updates.ts'
import './read-first.ts'
import './shared/shareable.ts'
import './storable-text.ts'

/** The context of an operation. The application declares its members. */
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
    LocalTime: { Input: number; Output: number }
    TimeZone: { Input: string; Output: string }
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> }
  }
}

/** The schema builder with plugins and root types. Each slice adds its types in its schema.ts. */
export const builder = new SchemaBuilder<BuilderTypes>({
  plugins: [
    'cost',
    'storableText',
    'nullInUpdates',
    'shareable',
    'joins',
    'readFirst',
    'limitRefusals',
    'declaredErrors',
  ],
  defaultFieldNullability: false,
})

builder.queryType({ description: 'Queries. All but `serverInfo` require authentication.' })
builder.mutationType({ description: 'Mutations. They return after the change is durable.' })
builder.subscriptionType({ description: 'Subscriptions, over WebSockets with the graphql-ws protocol.' })
