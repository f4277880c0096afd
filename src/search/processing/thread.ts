import { serveTasks } from '../../platform/thread/serve.ts'
import { tasks } from './tasks.ts'

serveTasks(tasks)
