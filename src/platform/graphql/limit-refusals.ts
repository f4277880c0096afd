import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { lackOfPermission, Refusal } from '../../errors.ts'
import { type RateLimits, rateLimited } from '../rate-limit/rate-limits.ts'

// Limits mutations that are refused for lack of permission: a client that makes hundreds of them probes for access.
declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      limitRefusals: LimitRefusalsPlugin<Types>
    }
  }
}

interface Limited {
  viewer: { userId: string } | null
  rateLimits: RateLimits
  config: { limits: { refusalsPerMinute: number } }
}

class LimitRefusalsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (field.kind !== 'Mutation') return resolver
    // Awaits nothing before the mutation, so that consecutive sends on one socket keep their order.
    return (root, args, context, info) => {
      const { viewer, rateLimits, config } = context as Types['Context'] & Limited
      if (!viewer) return resolver(root, args, context, info)
      const points = config.limits.refusalsPerMinute
      const refusals = [{ name: 'refusals', points, seconds: 60 }, viewer.userId] as const
      const waitMs = rateLimits.knownWaitMs(refusals)
      if (waitMs > 0) throw rateLimited(waitMs)
      return Promise.resolve(resolver(root, args, context, info)).catch(async (error: unknown) => {
        // The refusal that exhausts the counter is returned unchanged; the next call is limited.
        if (error instanceof Refusal && lackOfPermission.has(error.code))
          await rateLimits.consume(refusals).catch(() => {})
        throw error
      })
    }
  }
}

SchemaBuilder.registerPlugin('limitRefusals', LimitRefusalsPlugin)
