export { type CacheDescription, describeCache } from './cache-description.ts'
export { type CodegenOptions, parlanceCodegen, scalars } from './config.ts'
export { graphcacheSchema } from './graphcache-schema.ts'
