#!/usr/bin/env node
// Runs Sluice from its source in a clone of the repository, and compiled from an installed package.
import { existsSync } from 'node:fs'
import { keepCompiled } from './cache.js'
import { keepSmall } from './heap.js'

// Connectors of the user's own are TypeScript that Node must run as it is: 22 does since 22.18, 23 since 23.6.
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18) || (major === 23 && minor < 6)) {
  const version = `Sluice needs Node 22.18 or newer (of Node 23, 23.6 or newer); this is ${process.versions.node}.`
  process.stderr.write(`[ERROR] ${version} In a clone, npx sluice brings its own.\n`)
  process.exit(2)
}

keepSmall()
keepCompiled()

// A reader that has seen enough (`| head`) is no fault of ours.
process.stdout.on('error', error => {
  if (error.code !== 'EPIPE') throw error
})

const source = new URL('../src/cli/main.ts', import.meta.url)
const { main } = await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href)
process.exitCode = await main(process.argv.slice(2))
