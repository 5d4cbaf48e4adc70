import { execFileSync } from 'node:child_process'
import { cpSync, globSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * Compiles `src` to `dist`, which is what the package holds: the JavaScript, the types of what authors of connectors
 * import, and the SQL, Lua and dictionaries read at run time. The folder is made anew each time, so that nothing of an earlier build is left in it.
 */
const root = import.meta.dirname
const compiler = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace('package.json', 'bin/tsc')

rmSync(join(root, 'dist'), { recursive: true, force: true })
for (const project of ['tsconfig.build.json', 'tsconfig.types.json']) {
  execFileSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: 'inherit' })
}
for (const file of globSync('**/*.{sql,lua,tsv,txt}', { cwd: join(root, 'src') })) {
  cpSync(join(root, 'src', file), join(root, 'dist', file))
}
