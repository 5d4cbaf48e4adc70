import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * Ends a run with one line that programs can read, after a line for each test that says "not run" in its full name: what it
 * needs was not there. A file that could not be run counts as a failed test.
 */
export default class implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const states = tests.map(test => test.result().state)
    for (const { fullName } of tests) if (fullName.includes('not run:')) process.stdout.write(`${fullName}\n`)
    const broken = modules.filter(module => module.errors().length > 0).length + unhandled.length
    const count = (state: string) => states.filter(each => each === state).length
    const failed = count('failed') + count('pending') + broken
    process.stdout.write(`tests: ${count('passed')} passed, ${failed} failed, ${count('skipped')} skipped\n`)
  }
}
