import { type Ref, ref } from 'vue'
import { errorText } from '../words/error-text.ts'

export interface Task {
  readonly running: Ref<boolean>
  /** Text for the viewer about the last failure; empty without one. */
  readonly fault: Ref<string>
  /** Runs work unless some is running. Returns whether it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>
}

/** Work that the viewer starts, with its progress and its failure on screen. */
export function useTask(): Task {
  const running = ref(false)
  const fault = ref('')
  return {
    running,
    fault,
    async run(work) {
      if (running.value) return false
      running.value = true
      fault.value = ''
      try {
        await work()
        return true
      } catch (error) {
        fault.value = errorText(error)
        return false
      } finally {
        running.value = false
      }
    },
  }
}
