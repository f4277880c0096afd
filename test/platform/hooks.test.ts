import { expect, test } from 'vitest'
import { Hooks } from '../../src/platform/hooks.ts'

interface Bells {
  rang(by: string): Promise<void>
  chimed(): void
  hour(city: string): Promise<number>
}

const order = { rang: ['kitchen', 'hall'], chimed: ['hall'], hour: ['hall', 'kitchen'] }

function house(log: string[] = []) {
  const hooks = new Hooks<Bells>(order)
  const hall = hooks.of('hall')
  hall.on('rang', async (by) => void log.push(`hall: ${by}`))
  hall.on('chimed', () => void log.push('hall chimed'))
  hall.on('hour', async () => 1)
  const kitchen = hooks.of('kitchen')
  kitchen.on('rang', async (by) => void log.push(`kitchen: ${by}`))
  return { hooks, kitchen }
}

test('listeners run in the listed order, whatever the order of registration', async () => {
  const log: string[] = []
  const { hooks, kitchen } = house(log)
  kitchen.on('hour', async (city) => city.length)
  hooks.seal()
  await hooks.run('rang', 'alice')
  hooks.signal('chimed')
  expect(log).toEqual(['kitchen: alice', 'hall: alice', 'hall chimed'])
  expect(await hooks.ask('hour', 'Basel')).toEqual([1, 5])
})

test('a listener that throws stops those after it', async () => {
  const log: string[] = []
  const hooks = new Hooks<Pick<Bells, 'rang'>>({ rang: order.rang })
  hooks.of('hall').on('rang', async (by) => void log.push(by))
  hooks.of('kitchen').on('rang', () => Promise.reject(new Error('the kitchen is closed')))
  hooks.seal()
  await expect(hooks.run('rang', 'bob')).rejects.toThrow('the kitchen is closed')
  expect(log).toEqual([])
})

test('a listed listener that is missing fails the start', () => {
  expect(() => house().hooks.seal()).toThrow('kitchen does not listen to hour')
})

test('a listener that is not listed, or registers twice, fails the start', () => {
  const { hooks, kitchen } = house()
  expect(() => kitchen.on('chimed', () => {})).toThrow('kitchen is not listed once as a listener of chimed')
  expect(() => hooks.of('hall').on('chimed', () => {})).toThrow('hall is not listed once')
})
