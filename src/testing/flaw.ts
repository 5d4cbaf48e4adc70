/** Something that is wrong with a connector: what a right one does, what this one did, what its author most likely has to change. */
export type Flaw = { expected: string; came: string; change: string }

/** So many flaws of one check are told; the rest is counted. */
const most = 3

/** A check that found something wrong. Its message is for the connector's author: no stack and no code says more. */
export class Flawed extends Error {
  constructor(name: string, flaws: readonly Flaw[]) {
    const told = flaws.slice(0, most).map(flawText)
    const rest = flaws.length > most ? [`  and ${flaws.length - most} more like these`] : []
    super([`${name}: not so.`, ...told, ...rest].join('\n'))
    this.name = 'Flawed'
    this.stack = this.message
  }
}

function flawText({ expected, came, change }: Flaw): string {
  return `  expected  ${expected}\n  came      ${came}\n  change    ${change}`
}
