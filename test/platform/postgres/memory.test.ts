import { describe, expect, test } from 'vitest'
import { memorySettings, usableMemory } from '../../../src/platform/postgres/memory.ts'

const gibibyte = 1_073_741_824

describe('usable memory', () => {
  test('is the limit of the container if that is below the memory of the machine', () => {
    expect(usableMemory(16 * gibibyte, 2 * gibibyte)).toBe(2 * gibibyte)
    expect(usableMemory(16 * gibibyte, 32 * gibibyte)).toBe(16 * gibibyte)
  })

  test('is the memory of the machine without a limit', () => {
    expect(usableMemory(16 * gibibyte, 0)).toBe(16 * gibibyte)
    expect(usableMemory(16 * gibibyte, 2 ** 64)).toBe(16 * gibibyte)
  })
})

describe('the memory settings of the embedded database', () => {
  const settings = (memory: number) => Object.fromEntries(memorySettings(memory))

  test('grow with the memory', () => {
    expect(settings(gibibyte)).toEqual({
      shared_buffers: '128MB',
      effective_cache_size: '512MB',
      work_mem: '4MB',
    })
    expect(settings(8 * gibibyte)).toEqual({
      shared_buffers: '1024MB',
      effective_cache_size: '4096MB',
      work_mem: '16MB',
    })
  })

  test('have a least and a most', () => {
    expect(settings(gibibyte / 8)).toEqual({
      shared_buffers: '32MB',
      effective_cache_size: '128MB',
      work_mem: '4MB',
    })
    expect(settings(2_048 * gibibyte)).toEqual({
      shared_buffers: '4096MB',
      effective_cache_size: '262144MB',
      work_mem: '32MB',
    })
  })
})
