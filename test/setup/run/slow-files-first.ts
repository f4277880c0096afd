import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { slowFiles } from './slow-files.ts'

/** Starts the slow files of each project first, so that no processor waits at the end for one that started last. */
export default class SlowFilesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.sort((one, other) => groupOf(one) - groupOf(other) || rank(one) - rank(other))
  }
}

const groupOf = (file: TestSpecification) => file.project.config.sequence.groupOrder

const rank = ({ project, moduleId }: TestSpecification) =>
  relative(project.config.root, moduleId) in slowFiles ? 0 : 1
