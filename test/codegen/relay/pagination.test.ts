import { beforeAll, test } from 'vitest'
import { compileRelay, typeCheck } from '../tools.ts'

beforeAll(compileRelay)

test('the documents of the Relay project fit the schema, and its code their types', () => typeCheck('relay'))
