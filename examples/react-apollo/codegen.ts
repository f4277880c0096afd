import { parlanceCodegen } from '@parlance/codegen'

export default parlanceCodegen({
  schema: 'http://localhost:4000/graphql',
  documents: ['src/documents.ts'],
  output: 'src/generated/',
  importExtension: '.ts',
})
