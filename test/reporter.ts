import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** Ends a run with one line that programs can read. A file that could not be run counts as a failed test. */
export default class implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const states = modules.flatMap(module => [...module.children.allTests()].map(test => test.result().state))
    const broken = modules.filter(module => module.errors().length > 0).length + unhandled.length
    const count = (state: string) => states.filter(each => each === state).length
    const failed = count('failed') + count('pending') + broken
    process.stdout.write(`tests: ${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`)
  }
}
